import type Backbone from 'backbone';
import { expect, it } from 'vitest';
import type { Topic } from '../../src/protocol/ids.ts';
import { MedullaServer } from '../../src/server/medulla-server.ts';
import { memoryStore } from '../../src/server/stores/memory-store.ts';
import { settle, VirtualClock } from '../../src/testing/virtual-clock.ts';
import { twoNodes } from './support/fake-broker.ts';
import { backbone } from './support/served-world.ts';

/** One node serves a collection; the other writes what is in it. */
async function served() {
  const store = memoryStore();
  const clock = new VirtualClock();
  const { broker, here, there } = await twoNodes(store, clock);
  here.resource('/cards', { public: true });
  const Cards = backbone.Collection.extend({ url: '/cards' }) as new () => Backbone.Collection;
  const cards = new Cards();
  const serving = new MedullaServer(there, () => there.close()).serve(cards, { public: true });
  await serving.ready;
  await settle();
  const publish = async (...changes: Parameters<typeof here.publish>[1][]) => {
    for (const change of changes) await here.publish('/cards' as Topic, change);
    await settle();
  };
  return { store, clock, broker, cards, serving, publish };
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
