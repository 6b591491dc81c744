import type Backbone from 'backbone';
import { afterEach, describe, expect, it } from 'vitest';
import { createRegistry } from '../../../src/models.ts';
import { testMedulla } from '../../../src/testing.ts';
import { freshBackbone } from '../../support/fresh-backbone.ts';
import { appModels } from './app-models.ts';

let end: (() => Promise<void>) | undefined;
afterEach(() => end?.());

/** A live collection on the server, and one in a page that follows it. */
async function both(options: object = { public: true }) {
  const backbone = freshBackbone();
  const world = testMedulla(backbone);
  end = world.close;
  const { Tasks: There } = appModels(freshBackbone());
  const there = new There();
  there.add({ id: 1, title: 'One' });
  const serving = world.server.serve(there, options);
  await serving.ready;
  const { Tasks: Here } = appModels(backbone);
  const here = new Here();
  world.medulla.follow(here);
  await world.settle();
  return { ...world, world, there, here, serving };
}

/** What is told of a collection's models. */
function heard(collection: Backbone.Collection) {
  const events: string[] = [];
  collection.on('all', (name: string) => events.push(name));
  return events;
}

describe('a collection that is served', () => {
  it('[HJ-08] publishes the one model that was changed on the server, and of it what was changed', async () => {
    const { there, here, server, settle } = await both();
    there.add([{ id: 2, title: 'Two', left: 1 }]);
    await settle();
    expect(here.toJSON()).toEqual([
      { id: 1, title: 'One' },
      { id: 2, title: 'Two', left: 1 },
    ]);
    const changed: unknown[] = [];
    here.on('change', (model: Backbone.Model) => changed.push([model.id, model.changed]));
    there.get(2).set({ title: 'Zwei' });
    there.get(2).set({ title: 'Deux' });
    there.get(2).unset('left');
    await settle();
    expect(changed).toEqual([[2, { title: 'Deux', left: undefined }]]);
    expect(await server.rows('/tasks')).toEqual([
      { id: 1, title: 'One' },
      { id: 2, title: 'Deux' },
    ]);
  });

  it('[HJ-09] gives what is added on the server its id, which the registry there goes by', async () => {
    const { there, here, settle } = await both();
    const registry = createRegistry();
    const made = there.add({ title: 'New' });
    registry.add(made);
    expect(made.id).toMatch(/^[\da-f]{8}(-[\da-f]{4}){3}-/);
    expect(registry.get(made.id)).toBe(made);
    await settle();
    expect(here.get(made.id).get('title')).toBe('New');
  });

  it('[HJ-10] adds, removes and resets on either side', async () => {
    const { there, here, settle } = await both();
    here.create({ id: 'x', title: 'From the page' });
    await settle();
    expect(there.pluck('title')).toEqual(['One', 'From the page']);
    there.remove(there.get(1));
    here.get('x').destroy();
    await settle();
    expect([there.length, here.length]).toEqual([0, 0]);
    there.reset([{ id: 3 }, { id: 4 }]);
    await settle();
    expect(here.pluck('id')).toEqual([3, 4]);
    there.reset([{ id: 4 }, { id: 5 }]);
    await settle();
    expect(here.pluck('id')).toEqual([4, 5]);
    there.get(5).set({ id: 6 });
    await settle();
    expect(here.pluck('id')).toEqual([4, 6]);
  });

  it('[HJ-11] sets what a page has set, and publishes nothing of that: it ends there', async () => {
    const { there, here, settle, server } = await both();
    const events = { there: heard(there), here: heard(here) };
    const before = await server.publish('/tasks', { record: 9, set: {} });
    await settle();
    events.there.length = events.here.length = 0;
    here.get(1).save({ title: 'Uno' });
    await settle();
    expect(events.there).toEqual(['change:title', 'change']);
    expect(events.here.filter((name) => name.startsWith('change'))).toEqual(['change:title', 'change']);
    expect(await server.publish('/tasks', { record: 9, deleted: true })).toBe(before + 2);
  });

  it('[HJ-11] keeps what a listener on the server makes of it, and tells the page', async () => {
    const { there, here, settle } = await both();
    there.on('change:title', (task: Backbone.Model) => task.set({ length: task.get('title').length }));
    here.get(1).save({ title: 'Three' });
    await settle();
    expect(here.get(1).get('length')).toBe(5);
    expect(there.get(1).get('length')).toBe(5);
  });

  it('[HJ-14] hears of what comes from elsewhere on the server, as the pages do', async () => {
    const { there, here, settle, server, serving } = await both();
    const options: unknown[] = [];
    there.on('add', (_model: unknown, _all: unknown, how: object) => options.push(how));
    await server.publish('/tasks', [{ record: 'mail', set: { title: 'From the mail' } }]);
    await serving.resource.publish({ record: 1, deleted: true });
    await settle();
    expect([there.pluck('title'), here.pluck('title')]).toEqual([['From the mail'], ['From the mail']]);
    expect(options).toMatchObject([{ remote: true }]);
  });

  it('[HJ-12] is asked by its own validate, as the page is, and by authorize', async () => {
    const { here, there, settle } = await both({
      authorize: ({ method }: { method: string }) => method !== 'delete',
    });
    const errors: unknown[] = [];
    here.on('error', (_model: unknown, request: { responseJSON: { message: string } }) =>
      errors.push(request.responseJSON.message),
    );
    // A page that does not look first.
    here.get(1).save({ title: '' }, { validate: false, wait: true });
    await settle();
    here.get(1).destroy({ wait: true });
    await settle();
    expect(errors).toEqual(['A task has a title', 'You may not delete 1 in /tasks.']);
    expect(there.pluck('title')).toEqual(['One']);
  });
});
