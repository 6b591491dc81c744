import type Backbone from 'backbone';
import { expect, it } from 'vitest';
import type { Topic } from '../../src/protocol/ids.ts';
import { MedullaServer } from '../../src/server/medulla-server.ts';
import type { Store } from '../../src/server/store.ts';
import { memoryStore } from '../../src/server/stores/memory-store.ts';
import { settle, VirtualClock } from '../../src/testing/virtual-clock.ts';
import { deferred } from '../support/deferred.ts';
import { twoNodes } from './support/fake-broker.ts';
import { restorable } from './support/restorable.ts';
import { backbone } from './support/served-world.ts';

/** One node serves a collection; the other writes what is in it. */
async function served(store: Store = memoryStore()) {
  const clock = new VirtualClock();
  const { broker, here, there } = await twoNodes(store, clock);
  here.resource('/cards', { public: true });
  const Cards = backbone.Collection.extend({
    url: '/cards',
    comparator: 'id',
  }) as new () => Backbone.Collection;
  const cards = new Cards();
  const serving = new MedullaServer(there, () => there.close()).serve(cards, { public: true });
  await serving.ready;
  await settle();
  const publish = async (...changes: Parameters<typeof here.publish>[1][]) => {
    for (const change of changes) await here.publish('/cards' as Topic, change);
    await settle();
  };
  return { store, clock, broker, here, cards, serving, publish };
}

it('[MN10] has what other nodes commit, and what they did not tell', async () => {
  const { clock, broker, cards, publish } = await served();
  await publish({ record: 'a', set: { n: 1 } });
  expect(cards.toJSON()).toEqual([{ id: 'a', n: 1 }]);
  broker.held = null;
  await publish({ record: 'b', set: { n: 2 } }, { record: 'a', deleted: true });
  expect(cards.length).toBe(1);
  await clock.advance(4_000);
  expect(cards.toJSON()).toEqual([{ id: 'b', n: 2 }]);
});

it('[MN10] is read anew where the log does not have what was missed; what was changed in it meanwhile stays', async () => {
  const { store, clock, broker, cards, serving, publish } = await served();
  await publish(
    { record: 'a', set: { n: 1 } },
    { record: 'b', set: { n: 1 } },
    { record: 'c', set: { n: 1 } },
  );
  broker.held = null;
  await publish(
    { record: 'a', set: { n: 2 } },
    { record: 'b', deleted: true },
    { record: 'd', set: { n: 1 } },
  );
  await store.trim({ log: () => ({ changes: 0, before: Number.POSITIVE_INFINITY }), receiptsBefore: 0 });
  cards.get('c').set({ own: true });
  await clock.advance(4_000);
  await serving.settled();
  const now = [
    { id: 'a', n: 2 },
    { id: 'c', n: 1, own: true },
    { id: 'd', n: 1 },
  ];
  expect(cards.toJSON()).toEqual(now);
  broker.held = undefined;
  await publish({ record: 'a', set: { n: 3 } });
  expect(cards.get('a').get('n')).toBe(3);
});

it('[MN12] is read anew where the store was restored: it has what is there, hears of what comes, and tells what was changed in it', async () => {
  const { store, restore } = restorable();
  const { clock, cards, here, serving, publish } = await served(store);
  const make = (n: number) => publish({ record: `r${n}`, set: { n } });
  for (let n = 1; n <= 4; n++) await make(n);
  await publish({ record: 'r1', set: { n: 11 } }, { record: 'r2', deleted: true });
  await restore(make, 3);
  // Before that is seen: what comes now is none of what follows on what it has.
  await publish({ record: 'r3', set: { n: 33 } });
  cards.get('r1').set({ own: true });
  await serving.settled();
  await clock.advance(4_000);
  await serving.settled();
  const now = [
    { id: 'r1', n: 1, own: true },
    { id: 'r2', n: 2 },
    { id: 'r3', n: 33 },
  ];
  expect(cards.toJSON()).toEqual(now);
  const rows = async () =>
    (await here.snapshot('/cards' as Topic)).rows.map(([id, , attrs]) => ({ id, ...attrs }));
  expect(await rows()).toEqual(now);
  await publish({ record: 'r2', deleted: true }, { record: 'r1', set: { n: 12 } });
  cards.get('r3').set({ n: 34 });
  cards.add({ id: 'r5', n: 5 });
  await serving.settled();
  expect(await rows()).toEqual([
    { id: 'r1', n: 12, own: true },
    { id: 'r3', n: 34 },
    { id: 'r5', n: 5 },
  ]);
  expect(cards.toJSON()).toEqual(await rows());
});

it('[MN12] is read once more where the store is restored while it is read', async () => {
  const { store, restore } = restorable();
  const { clock, cards, publish } = await served(store);
  const make = (n: number) => publish({ record: `r${n}`, set: { n } });
  for (let n = 1; n <= 5; n++) await make(n);
  await restore(make, 3);
  const held = deferred<void>();
  const { page } = store;
  let pages = 0;
  Object.assign(store, {
    page: async (...asked: Parameters<Store['page']>) => {
      const found = await page(...asked);
      if (++pages === 1) await held.promise;
      return found;
    },
  });
  await clock.advance(4_000);
  expect(pages).toBe(1);
  // What was read is of another time once more: all but one are gone.
  await restore(make, 1);
  await clock.advance(4_000);
  held.resolve();
  await settle();
  expect(cards.toJSON()).toEqual([{ id: 'r1', n: 1 }]);
  await make(6);
  expect(cards.pluck('id')).toEqual(['r1', 'r6']);
});
