import { expect, it } from 'vitest';
import { Awaiting } from '../../src/hub/outbox/awaiting.ts';
import { cutBatch } from '../../src/hub/outbox/cut-batch.ts';
import type { Entry } from '../../src/hub/outbox/entry.ts';
import type { Outbox } from '../../src/hub/outbox/outbox.ts';
import type { Epoch, Mark } from '../../src/protocol/ids.ts';
import { type EntryInit, outboxOf } from '../support/entries.ts';
import { HubWorld } from '../support/hub-world.ts';
import { TOPIC } from '../support/mutations.ts';

const MANY = 10_000;

/** Drains the outbox as a drain does, three pushes at once; returns how many entries were looked at. */
function visits(outbox: Outbox): number {
  let count = 0;
  const moving = outbox.moving.bind(outbox);
  outbox.moving = function* () {
    for (const entry of moving()) {
      count++;
      yield entry;
    }
  };
  const sent: (readonly Entry[])[] = [];
  for (;;) {
    const batch = cutBatch(outbox, { count: 250, size: 500_000, number: 1 });
    if (batch.entries.length > 0) {
      for (const entry of batch.entries) outbox.change(entry, { phase: { type: 'sent' } });
      sent.push(batch.entries);
    }
    if (batch.entries.length > 0 && sent.length < 3) continue;
    const answered = sent.shift();
    if (!answered) return count;
    for (const entry of answered) outbox.remove(entry);
  }
}

const many = (init: (i: number) => EntryInit) => outboxOf(...Array.from({ length: MANY }, (_, i) => init(i)));

it.each<[string, (i: number) => EntryInit]>([
  ['of one record each', (i) => ({ record: `r${i}` })],
  ['that create', (i) => ({ record: `r${i}`, method: 'create', set: { title: 'x' } })],
  ['of ten records', (i) => ({ record: `r${i % 10}` })],
])('[OB24] drains ten thousand mutations %s without looking at each again and again', (_name, init) => {
  expect(visits(many(init))).toBeLessThan(10 * MANY);
});

it('[OB24] does not look at what was refused', () => {
  const receipt = { type: 'invalid', ids: [], code: 'invalid', message: 'no' } as const;
  const outbox = many((i) => ({
    record: `r${i}`,
    ...(i % 100 === 0 ? {} : { phase: { type: 'rejected', receipt } }),
  }));
  const count = visits(outbox);
  expect(count).toBeGreaterThanOrEqual(MANY / 100);
  expect(count).toBeLessThan(MANY / 10);
});

it('[OB24] looks at a long lane that is not folded once for each push', () => {
  expect(visits(many(() => ({ record: 'a', old: true })))).toBeLessThan(100 * MANY);
});

it('[OB24] tells a tab of each mutation of a fold without naming all the others', async () => {
  const world = new HubWorld();
  const tab = await world.tab('tab1');
  await world.offline();
  for (let i = 0; i < 500; i++) tab.write({ record: 'a', set: { i } });
  await world.settle();
  await world.online();
  const settled = tab.settlements.flatMap((one) => (one.type === 'settled' ? [one] : []));
  expect(settled).toHaveLength(500);
  expect(settled.every(({ n, receipt }) => receipt.ids.length === 1 && receipt.ids[0] === `tab1:${n}`)).toBe(
    true,
  );
});

it('[OB24] finds what a cursor includes, in whatever order receipts came', () => {
  const epoch = 'e1' as Epoch;
  const awaiting = new Awaiting();
  const offsets = [5, 3, 9, 3, 7];
  const entries = [
    ...outboxOf(
      ...offsets.map((offset, i): EntryInit => {
        const receipt = { type: 'applied', ids: [], offset } as const;
        return { record: `r${i}`, phase: { type: 'awaiting', receipt, epoch, welcome: null } };
      }),
    ).entries(),
  ];
  for (const entry of entries) awaiting.add(entry);
  const upTo = (offset: number, of = epoch) =>
    awaiting.arrived(TOPIC, { epoch: of, offset, mark: '' as Mark }, null).map(({ order }) => order);
  expect(upTo(2)).toEqual([]);
  expect(upTo(5)).toEqual([2, 4, 1]);
  expect(upTo(0, 'e2' as Epoch)).toHaveLength(5);
  for (const entry of entries.slice(0, 3)) awaiting.delete(entry);
  expect(upTo(9)).toEqual([4, 5]);
  for (const entry of entries.slice(3)) awaiting.delete(entry);
  expect(awaiting.of(TOPIC)).toEqual([]);
});
