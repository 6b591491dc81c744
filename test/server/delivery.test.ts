import { beforeEach, describe, expect, it } from 'vitest';
import { RECHECKS } from '../../src/server/admission/rechecks.ts';
import type { Store } from '../../src/server/store.ts';
import { memoryStore } from '../../src/server/stores/memory-store.ts';
import { seededRandom } from '../../src/testing/seeded-random.ts';
import { settle, VirtualClock } from '../../src/testing/virtual-clock.ts';
import { twoNodes } from './support/fake-broker.ts';
import { FakePeer, TASKS } from './support/fake-peer.ts';
import { storeMethods } from './support/store-methods.ts';

const forgetLog = { log: () => ({ changes: 0, before: Number.POSITIVE_INFINITY }), receiptsBefore: 0 };

describe('what another node commits', () => {
  let store: Store;
  let clock: VirtualClock;
  let world: Awaited<ReturnType<typeof twoNodes>>;
  beforeEach(async () => {
    store = storeMethods(memoryStore({ random: seededRandom(7) }));
    clock = new VirtualClock();
    world = await twoNodes(store, clock);
    await world.publish(1);
    await world.follower.follow();
  });

  it('[MN1] is told to those who follow here, as it comes', async () => {
    await world.publish(2);
    await world.publish(3);
    expect(world.steps()).toEqual([
      [1, 2, 1],
      [2, 3, 1],
    ]);
  });

  it('[MN1] waits a moment for what it has overtaken, and is told in order, once', async () => {
    const held: (() => void)[] = [];
    world.broker.held = held;
    for (const n of [2, 3, 4]) await world.publish(n);
    for (const at of [2, 1, 2, 0, 1]) held[at]?.();
    await clock.advance(100);
    expect(world.steps()).toEqual([
      [1, 2, 1],
      [2, 3, 1],
      [3, 4, 1],
    ]);
    expect(world.there.deliveries).toMatchObject({ gaps: 0 });
  });

  it('[MN2] is read from the log where it does not come, and what came meanwhile is told after it', async () => {
    world.broker.held = null;
    await world.publish(2);
    await world.publish(3);
    world.broker.held = undefined;
    await world.publish(4);
    expect(world.steps()).toEqual([]);
    await clock.advance(40);
    expect(world.steps()).toEqual([[1, 4, 3]]);
    await world.publish(5);
    expect(world.steps()).toEqual([
      [1, 4, 3],
      [4, 5, 1],
    ]);
    expect(world.there.deliveries).toMatchObject({ gaps: 1, replays: 1 });
  });

  it('[MN2] is found within four seconds where nothing comes at all', async () => {
    world.broker.held = null;
    await world.publish(2);
    await clock.advance(4_000);
    expect(world.steps()).toEqual([[1, 2, 1]]);
    expect(world.logged).toEqual([]);
  });

  it('[MN2] is found also where it was committed before the first comparison, and between what two read', async () => {
    const late = await FakePeer.connect(world.there);
    world.broker.held = null;
    await world.publish(2);
    await late.follow();
    await clock.advance(4_000);
    expect(world.steps()).toEqual([[1, 2, 1]]);
    // It has read that already, and is told once more rather than never.
    expect(late.changes.map(({ to }) => to)).toEqual([2]);
  });

  it('[MN3] is only said to be there where the log does not have it any more: who follows asks for it', async () => {
    world.broker.held = null;
    await world.publish(2);
    await world.publish(3);
    await store.trim(forgetLog);
    await clock.advance(4_000);
    expect(world.steps()).toEqual([[3, 3, 0]]);
    expect(await world.follower.follow(TASKS, { epoch: 'e', offset: 1, mark: 'm' })).toMatchObject({
      type: 'snapshot',
      cursor: { offset: 3 },
    });
    world.broker.held = undefined;
    await world.publish(4);
    expect(world.steps().at(-1)).toEqual([3, 4, 1]);
  });

  it('[MN4] is found later where the store fails just then', async () => {
    const { log, heads } = store;
    store.log = () => Promise.reject(new Error('gone'));
    world.broker.held = null;
    await world.publish(2);
    await clock.advance(4_000);
    store.log = log;
    store.heads = () => Promise.reject(new Error('gone'));
    await clock.advance(4_000);
    store.heads = heads;
    expect(world.steps()).toEqual([]);
    await clock.advance(4_000);
    expect(world.steps()).toEqual([[1, 2, 1]]);
    expect(new Set(world.logged.map(({ event }) => event))).toEqual(
      new Set(['log-not-read', 'heads-not-read']),
    );
  });

  it('[MN4] is found by those who began to follow while the store failed', async () => {
    const { heads } = store;
    const [other, another] = [await FakePeer.connect(world.there), await FakePeer.connect(world.there)];
    world.there.resource('/notes', { public: true });
    world.here.resource('/notes', { public: true });
    store.heads = () => Promise.reject(new Error('gone'));
    // What each of two has, the other may have less of.
    await Promise.all([other.follow('/notes'), another.follow('/notes')]);
    store.heads = heads;
    world.broker.held = null;
    await world.here.publish('/notes' as typeof TASKS, { record: 'x', set: { n: 1 } });
    await settle();
    await clock.advance(4_000);
    for (const { changes } of [other, another])
      expect(changes).toMatchObject([{ topic: '/notes', from: 1, to: 1, entries: [] }]);
  });

  it('[MN5] is logged and dropped where it is none', async () => {
    for (const message of [null, 7, {}, [{ topic: 3 }], [{ topic: '/tasks', from: 1, to: 2 }]])
      world.broker.say(message);
    await world.publish(2);
    expect(world.steps()).toEqual([[1, 2, 1]]);
    expect(world.logged.map(({ event }) => event)).toEqual(Array(5).fill('bad-message'));
  });

  it('[MN5] is dropped where it is longer than it has entries, or other than they say: a line for each offset has no end', async () => {
    const run = { topic: '/tasks', from: 1, to: 2, mark: 'm', entries: [['x', 2, { n: 1 }]] };
    for (const odd of [{ to: 2 ** 31 }, { to: 1 }, { from: 0.5 }, { from: -1, to: 0 }, { from: 2, to: 3 }])
      world.broker.say([{ ...run, ...odd }]);
    world.broker.say([{ ...run, from: 2 ** 53, to: 2 ** 53, entries: [] }]);
    await world.publish(2);
    expect(world.steps()).toEqual([[1, 2, 1]]);
    expect(world.logged.map(({ event }) => event)).toEqual(Array(6).fill('bad-message'));
  });

  it('[MN5] is dropped whole where what records were before does not fit', async () => {
    world.there.resource('/seen', { public: true, filter: () => true });
    await world.follower.follow('/seen');
    const run = { topic: '/seen', from: 0, to: 1, mark: 'm', entries: [['x', 1, { n: 1 }]] };
    for (const images of [7, [], [[]], [[7]], [7], [[{}], [{}]], [['x']]])
      world.broker.say([{ ...run, images }]);
    world.broker.say([{ ...run, silent: 7 }]);
    expect(world.logged.map(({ event }) => event)).toEqual(Array(8).fill('bad-message'));
    for (const images of [[null], [[null]]]) world.broker.say([{ ...run, images }]);
    expect(world.steps()).toEqual([[1, 1, 0]]);
    world.broker.say([{ ...run, from: 1, to: 2, entries: [['x', 2, { n: 1 }]], images: [[{ n: 0 }]] }]);
    expect(world.steps()).toEqual([
      [1, 1, 0],
      [1, 2, 1],
    ]);
  });

  it('[MN6] is not told as it happens where it is silent, and comes with the next', async () => {
    world.here.common.use(async (ctx, next) => {
      ctx.silent();
      await next();
    });
    const mutation = {
      id: 't:1',
      user: 'ann',
      topic: TASKS,
      record: 'x',
      method: 'create',
      set: {},
      unset: [],
    };
    await world.author.push({ mutation: { ...mutation, base: null, was: {} }, also: [], number: 0 });
    await clock.advance(4_000);
    expect(world.steps()).toEqual([]);
    await world.publish(3);
    expect(world.steps()).toEqual([[2, 3, 1]]);
  });

  it('[MN7] ends with the last who follows: nothing is asked for any more', async () => {
    await world.follower.ask('release', { topic: TASKS });
    let asked = 0;
    const { heads } = store;
    store.heads = (topics) => {
      // That of what nodes tell each other is followed for ever.
      asked += topics.filter((topic) => topic !== RECHECKS).length;
      return heads(topics);
    };
    world.broker.held = null;
    await world.publish(2);
    await clock.advance(10_000);
    expect([asked, world.steps()]).toEqual([0, []]);
  });
});
