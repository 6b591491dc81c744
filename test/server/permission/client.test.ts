import type Backbone from 'backbone';
import { afterEach, expect, it } from 'vitest';
import { type TestWorld, testMedulla } from '../../../src/testing.ts';
import { freshBackbone } from '../../support/fresh-backbone.ts';

let world: TestWorld<typeof Backbone> | undefined;
afterEach(async () => world?.close());

/** Ann's page. Clerks see what is theirs, and the boss sees everything. */
async function page() {
  const roles = new Map([['ann', 'clerk']]);
  const backbone = freshBackbone();
  const made = testMedulla(backbone, {
    user: 'ann',
    resources: {
      '/tasks': {
        authorize: ({ user }) => roles.has(user) && { tag: String(roles.get(user)) },
        filter: ({ owner }, { user, tag }) => tag === 'boss' || owner === user,
      },
    },
    records: {
      '/tasks': [
        { id: 1, owner: 'ann' },
        { id: 2, owner: 'bob' },
      ],
    },
    log: () => undefined,
  });
  world = made;
  const Tasks = backbone.Collection.extend({ url: '/tasks', follow: true });
  const tasks = new (Tasks as new () => Backbone.Collection)();
  await tasks.fetch();
  return { ...made, world: made, roles, tasks, ids: () => tasks.pluck('id').sort() };
}

it('[PE8] records come and go in a collection as they become somebody’s, and cease to be', async () => {
  const { server, tasks, ids, settle } = await page();
  expect(ids()).toEqual([1]);
  await server.publish('/tasks', [
    { record: 1, set: { owner: 'bob' } },
    { record: 2, set: { owner: 'ann' } },
  ]);
  await settle();
  expect(ids()).toEqual([2]);
  const save = tasks.get(2)?.save({ owner: 'carl' }, { patch: true });
  await settle();
  await expect(Promise.resolve(save)).resolves.toBeDefined();
  expect(ids()).toEqual([]);
});

it('[PE6] what may not be read any more is erased at the page, and what waits there is refused', async () => {
  const { server, tasks, ids, settle, line, roles, world, clock } = await page();
  line.cut();
  tasks.create({ id: 7, owner: 'ann' });
  await clock.turn(5_000);
  expect(ids()).toEqual([1, 7]);
  expect(world.medulla.status.get('pending')).toBe(1);
  roles.delete('ann');
  line.mend();
  await settle();
  await clock.turn(5_000);
  await settle();
  const { medulla } = world;
  expect(medulla.status.attributes).toMatchObject({ pending: 0, rejected: 1 });
  expect(await server.rows('/tasks')).toHaveLength(2);
  expect(tasks.get(1)).toBe(undefined);
});

it('[PE6] a page that is connected hears at once of what was withdrawn, and of what it may see besides', async () => {
  const { server, ids, settle, roles, clock, tasks } = await page();
  roles.set('ann', 'boss');
  await server.recheck({ user: 'ann' });
  await clock.turn(5_000);
  await settle();
  expect(ids()).toEqual([1, 2]);
  roles.delete('ann');
  await server.recheck({ topic: '/tasks' });
  await settle();
  expect(ids()).toEqual([]);
  const failed = new Promise<number>((resolve) => {
    tasks.fetch({ error: (_tasks: unknown, { status }: { status: number }) => resolve(status) } as object);
  });
  await settle();
  expect(await failed).toBe(403);
});
