import { expect, it } from 'vitest';
import { memoryStore } from '../../src/server/stores/memory-store.ts';
import { VirtualClock } from '../../src/testing/virtual-clock.ts';
import { FakePeer, sent } from './support/fake-peer.ts';
import { storeMethods } from './support/store-methods.ts';
import { testCore } from './support/test-core.ts';

/** A node that is alone, over a database that commits, and is gone before it says so. */
async function world() {
  const store = storeMethods(memoryStore());
  const { commit, heads } = store;
  const clock = new VirtualClock();
  const alone = { isAlone: true, tell: () => undefined, hear: () => undefined };
  const { core } = testCore({ store, clock, nodes: alone });
  core.resource('/tasks', { public: true });
  const [author, follower] = [await FakePeer.connect(core), await FakePeer.connect(core)];
  await follower.follow();
  store.commit = async (...args) => {
    await commit(...args);
    store.commit = commit;
    throw new Error('No word on COMMIT');
  };
  return { core, store, clock, author, follower, heads };
}

it('[MN11] tells those who follow on the only node what was committed without a word, once the store can be asked', async () => {
  const { store, clock, author, follower, heads } = await world();
  expect(await author.types(sent('a:1'))).toEqual(['retry']);
  store.heads = () => Promise.reject(new Error('The database is away'));
  expect(await author.types(sent('a:1'))).toEqual(['duplicate']);
  await clock.advance(4_000);
  expect(follower.changes).toEqual([]);
  store.heads = heads;
  await clock.advance(4_000);
  expect(follower.changes).toMatchObject([{ from: 0, to: 1, entries: [['x', 1, {}, '*']] }]);
});

it('[MN7] compares no more once that is known', async () => {
  const { core, store, clock, author, heads } = await world();
  await author.push(sent('a:1'));
  let asked = 0;
  store.heads = (topics) => {
    asked++;
    return heads(topics);
  };
  await clock.advance(60_000);
  // Where the topic is, and once more when the log is read.
  expect([core.deliveries.compared, asked]).toEqual([1, 2]);
});
