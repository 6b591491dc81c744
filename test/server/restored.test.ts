import { expect, it } from 'vitest';
import { settle, VirtualClock } from '../../src/testing/virtual-clock.ts';
import { twoNodes } from './support/fake-broker.ts';
import { FakePeer, TASKS } from './support/fake-peer.ts';
import { restorable } from './support/restorable.ts';
import { testCore } from './support/test-core.ts';

const ALONE = { isAlone: true, tell: () => undefined, hear: () => undefined };

it('[MN12] ends a follow that was told more than a store has that was restored: it begins anew', async () => {
  const { store, restore } = restorable();
  const clock = new VirtualClock();
  const world = await twoNodes(store, clock);
  const { follower, author, there } = world;
  for (let n = 1; n <= 5; n++) await world.publish(n);
  const { cursor } = await follower.begin();
  await restore(world.publish, 3);
  await clock.advance(4_000);
  expect(world.logged).toContainEqual({ level: 'error', event: 'store-restored' });
  expect(follower.denials).toMatchObject([{ topic: TASKS, code: 'gone' }]);
  expect([...follower.session.topics]).toEqual([]);
  const told = follower.changes.length;
  for (let n = 14; n <= 20; n++) await world.publish(n);
  expect(follower.changes.length).toBe(told);
  expect(await follower.follow(TASKS, cursor)).toMatchObject({ type: 'snapshot', cursor: { offset: 10 } });
  await world.publish(21);
  expect(world.steps().at(-1)).toEqual([10, 11, 1]);
  // Who follows what the store has goes on.
  await clock.advance(4_000);
  expect([follower.denials.length, author.denials.length]).toEqual([1, 0]);
  expect([...(there.sessions.values().next().value?.topics ?? [])]).toEqual([TASKS]);
});

it('[MN12] is found by a node that is alone, too, once it commits something', async () => {
  const { store, restore } = restorable();
  const clock = new VirtualClock();
  const { core, logged } = testCore({ store, clock, nodes: ALONE });
  core.resource('/tasks', { public: true });
  const follower = await FakePeer.connect(core);
  const publish = async (n: number) => {
    await core.publish(TASKS, { record: n, set: {} });
    await settle();
  };
  await follower.follow();
  for (let n = 1; n <= 5; n++) await publish(n);
  await restore(publish, 0);
  await clock.advance(4_000);
  expect(logged).toEqual([]);
  await publish(6);
  await clock.advance(4_000);
  expect(follower.denials).toMatchObject([{ topic: TASKS, code: 'gone' }]);
});

it.each([
  { where: 'where that ended', changes: 5 },
  { where: 'before that', changes: 3 },
])(
  '[MN12] ends it also where such a store has more again before anybody compares, and goes on $where',
  async ({ changes }) => {
    const { store, restore } = restorable();
    const clock = new VirtualClock();
    const world = await twoNodes(store, clock);
    const { follower, here } = world;
    for (let n = 1; n <= 5; n++) await world.publish(n);
    const { cursor } = await follower.begin();
    await restore(world.publish, 2);
    for (let n = 13; n < 11 + changes; n++) await world.publish(n);
    const records = [20, 21, 22, 23];
    await here.publish(
      TASKS,
      records.map((record) => ({ record, set: {} })),
    );
    await clock.advance(100);
    expect([world.steps(), follower.denials]).toMatchObject([[], [{ topic: TASKS, code: 'gone' }]]);
    const stored = changes + records.length;
    expect(await follower.follow(TASKS, cursor)).toMatchObject({
      type: 'snapshot',
      cursor: { offset: stored },
    });
    await world.publish(30);
    expect(world.steps()).toEqual([[stored, stored + 1, 1]]);
  },
);

it.each([
  { where: 'has less', changes: 2 },
  { where: 'has as much', changes: 4 },
])(
  '[MN12] is found by a node that is alone and has committed nothing for who follows, where the store $where',
  async ({ changes }) => {
    const { store, restore } = restorable();
    const clock = new VirtualClock();
    const { core } = testCore({ store, clock, nodes: ALONE });
    core.resource('/tasks', { public: true });
    const publish = (n: number) => core.publish(TASKS, { record: n, set: {} });
    for (let n = 1; n <= 5; n++) await publish(n);
    await settle();
    const follower = await FakePeer.connect(core);
    await follower.follow();
    await restore(publish, 0);
    for (let n = 1; n <= changes; n++) await publish(n + 10);
    await publish(6);
    await clock.advance(4_000);
    expect([follower.changes, follower.denials]).toMatchObject([[], [{ topic: TASKS, code: 'gone' }]]);
  },
);
