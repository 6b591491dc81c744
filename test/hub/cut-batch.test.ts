import { expect, it } from 'vitest';
import { type Bounds, cutBatch } from '../../src/hub/outbox/cut-batch.ts';
import type { Phase } from '../../src/hub/outbox/entry.ts';
import { type EntryInit, outboxOf } from '../support/entries.ts';

const bounds = { count: 100, size: 1_000_000, number: 5 };

/** What the next push carries, as the numbers of the mutations: `1+2` is a fold. */
function cut(inits: EntryInit[], with_: Partial<Bounds> = {}): string[] {
  return cutBatch(outboxOf(...inits), { ...bounds, ...with_ }).mutations.map(({ mutation, also }) =>
    [mutation.id, ...also].map((id) => id.replace('tab1:', '')).join('+'),
  );
}

const refused: Phase = {
  type: 'rejected',
  receipt: { type: 'invalid', ids: [], code: 'invalid', message: '' },
};
const applied: Phase = {
  type: 'awaiting',
  receipt: { type: 'applied', ids: [], offset: 1 },
  epoch: null,
  welcome: null,
};

it('[OB2] takes mutations in the order of acceptance, up to so many and so much', () => {
  const three = [{ record: 'a' }, { record: 'b' }, { record: 'c' }];
  expect(cut(three)).toEqual(['1', '2', '3']);
  expect(cut(three, { count: 2 })).toEqual(['1', '2']);
  expect(cut(three, { size: 450 })).toEqual(['1', '2']);
  expect(cut(three, { size: 1 })).toEqual(['1']);
});

it('[OB2] counts what is folded, too: a fold does not outgrow a push', () => {
  const many = Array.from({ length: 10 }, () => ({ record: 'a', set: { title: 'x' } }));
  expect(cut(many, { size: 1_000 })).toEqual(['1+2+3+4']);
});

it.each<Phase>([
  { type: 'sent' },
  { type: 'parked', receipt: refused.receipt },
  { type: 'withdrawing', edit: null },
])('[OB3] lets a lane wait while one of it is $type, and no other lane', (phase) => {
  expect(cut([{ record: 'a', phase }, { record: 'b' }, { record: 'a' }])).toEqual(['2']);
});

it('[OB3] lets a lane go on behind what was applied, and behind a refused update', () => {
  expect(cut([{ record: 'a', phase: applied }, { record: 'a' }])).toEqual(['2']);
  expect(cut([{ record: 'a', phase: refused }, { record: 'a' }])).toEqual(['2']);
});

it('[OB3] holds a lane behind a refused create', () => {
  expect(cut([{ method: 'create', phase: refused }, {}, { record: 'b' }])).toEqual(['3']);
});

it('[OB3] tells lanes apart by topic and by id as text', () => {
  expect(
    cut([{ record: 1, phase: { type: 'sent' } }, { record: '1' }, { record: 1, topic: '/other' as never }]),
  ).toEqual(['3']);
});

it('[OB4] folds a lane that was never sent, in the place of its first', () => {
  expect(cut([{ method: 'create', record: 'a' }, { record: 'b' }, { record: 'a' }, { record: 'a' }])).toEqual(
    ['1+3+4', '2'],
  );
});

it('[OB4] folds nothing that may have been sent: read from disk, repeated, or sent once', () => {
  expect(cut([{ old: true }, { old: true }])).toEqual(['1', '2']);
  expect(cut([{}, { old: true }])).toEqual(['1', '2']);
  expect(cut([{ number: 3 }, {}])).toEqual(['1', '2']);
});

it('[OB4] gives a mutation the receipt number of its first sending, or the one of now', () => {
  const { mutations } = cutBatch(outboxOf({ record: 'a', number: 3 }, { record: 'b' }), bounds);
  expect(mutations.map(({ number }) => number)).toEqual([3, 5]);
});

it('[OB5] sends what follows a create only after its receipt, unless it is folded into it', () => {
  expect(cut([{ method: 'create', old: true }, { old: true }])).toEqual(['1']);
});

it('[OB5] sends a write that names a queued create after it: in an attribute, deep in one, or in its topic', () => {
  const create: EntryInit = { method: 'create', record: 'new' };
  expect(cut([create, { record: 'b', set: { parent: 'new' } }])).toEqual(['1']);
  expect(cut([create, { record: 'b', set: { tree: [{ of: 'new' }] } }])).toEqual(['1']);
  expect(cut([create, { record: 'b', topic: '/tasks/new/notes' as never }])).toEqual(['1']);
  expect(
    cut([
      { ...create, phase: { type: 'sent' } },
      { record: 'b', set: { parent: 'new' } },
    ]),
  ).toEqual([]);
  expect(
    cut([
      { ...create, phase: refused },
      { record: 'b', set: { parent: 'new' } },
    ]),
  ).toEqual([]);
  expect(
    cut([
      { ...create, phase: applied },
      { record: 'b', set: { parent: 'new' } },
    ]),
  ).toEqual(['2']);
});

it('[OB5] lets a write wait only for creates that were accepted before it', () => {
  expect(
    cut([
      { record: 'b', set: { parent: 'new' } },
      { method: 'create', record: 'new' },
    ]),
  ).toEqual(['1', '2']);
});

it('[OB5] holds the lane of a write that waits for a create', () => {
  expect(
    cut([{ method: 'create', record: 'new' }, { record: 'b', set: { parent: 'new' } }, { record: 'b' }]),
  ).toEqual(['1']);
});

it('[OB5] does not fold a write that names a queued create into one before that create', () => {
  expect(
    cut([
      { record: 'b', set: { x: 1 } },
      { method: 'create', record: 'new' },
      { record: 'b', set: { parent: 'new' } },
    ]),
  ).toEqual(['1', '2']);
});

it('[OB5] does not fold a delete into a create that another write names in between', () => {
  expect(
    cut([
      { method: 'create', record: 'new' },
      { record: 'b', set: { parent: 'new' } },
      { method: 'delete', record: 'new' },
    ]),
  ).toEqual(['1']);
});

it('[OB6] halves what was twice without an answer, down to one', () => {
  const lost = (batchSize: number) =>
    Array.from({ length: 8 }, (_, i) => ({ record: `r${i}`, number: 1, unanswered: 2, batchSize }));
  expect(cut(lost(8))).toHaveLength(4);
  expect(cut(lost(2))).toHaveLength(1);
  expect(cut(lost(1))).toHaveLength(1);
});

it('[OB6] keeps what was twice without an answer out of the company of many', () => {
  const fine = Array.from({ length: 6 }, (_, i) => ({ record: `f${i}` }));
  expect(cut([...fine, { record: 'x', number: 1, unanswered: 2, batchSize: 4 }])).toHaveLength(6);
});

it('[OB6] lets what was twice without an answer wait for another such on its way, and sends the rest', () => {
  const lost = { record: 'x', number: 1, unanswered: 2, batchSize: 4 };
  expect(cut([lost, { record: 'y' }, { record: 'x' }], { isTrying: true })).toEqual(['2']);
});

const batch = (n: number, size: number) => ({ batch: { id: `tab1:${n}` as never, size } });

it('[BA4] takes a batch whole, each of it by itself, folded with nothing', () => {
  const two = [
    { record: 'a', ...batch(1, 2) },
    { record: 'a', ...batch(1, 2) },
  ];
  expect(cut([...two, { record: 'b' }])).toEqual(['1', '2', '3']);
  expect(cut([...two, { record: 'a' }])).toEqual(['1', '2']);
  expect(cut([{ record: 'b' }, { record: 'b' }, { record: 'a', ...batch(3, 1) }])).toEqual(['1+2', '3']);
});

it('[BA4] lets a batch wait whole, with all its lanes, for what is before it in one of them', () => {
  const two = [
    { record: 'b', ...batch(2, 2) },
    { record: 'a', ...batch(2, 2) },
  ];
  const rest = [{ record: 'b' }, { record: 'c' }];
  expect(cut([{ record: 'a' }, ...two, ...rest])).toEqual(['1', '5']);
  expect(cut([{ record: 'a', phase: { type: 'sent' } }, ...two, ...rest])).toEqual(['5']);
  expect(cut([{ record: 'a', method: 'create', phase: refused }, ...two, ...rest])).toEqual(['5']);
  expect(cut([{ record: 'a', phase: applied }, ...two, ...rest])).toEqual(['2', '3', '5']);
});

it('[BA4] lets a batch wait where one of it is not to go yet', () => {
  const parked: Phase = { type: 'parked', receipt: refused.receipt };
  expect(
    cut([
      { record: 'a', ...batch(1, 2) },
      { record: 'b', phase: parked, ...batch(1, 2) },
    ]),
  ).toEqual([]);
});

it('[BA4] lets a batch wait for creates outside of it, and not for its own', () => {
  const create: EntryInit = { method: 'create', record: 'new' };
  const naming: EntryInit = { record: 'b', set: { parent: 'new' } };
  expect(
    cut([
      { ...create, ...batch(1, 2) },
      { ...naming, ...batch(1, 2) },
    ]),
  ).toEqual(['1', '2']);
  expect(
    cut([create, { ...naming, ...batch(2, 2) }, { record: 'c', ...batch(2, 2) }, { record: 'c' }]),
  ).toEqual(['1']);
});

it('[BA4] ends the push before a batch that does not fit, but takes one alone however large it is', () => {
  const three = [1, 2, 3].map((i) => ({ record: `r${i}`, ...batch(2, 3) }));
  const all = [{ record: 'a' }, ...three, { record: 'z' }];
  expect(cut(all, { count: 3 })).toEqual(['1']);
  expect(cut(all, { size: 700 })).toEqual(['1']);
  expect(cut([{ ...batch(1, 2) }, { record: 'b', ...batch(1, 2) }], { count: 1, size: 1 })).toEqual([
    '1',
    '2',
  ]);
});

it('[BA4] halves a push that was twice without an answer by batches', () => {
  const lost = { number: 1, unanswered: 2 };
  const two = (first: number, batchSize: number) =>
    [0, 1].map((i) => ({ record: `r${first + i}`, ...lost, batchSize, ...batch(first, 2) }));
  expect(cut([...two(1, 2), ...two(3, 2)])).toEqual(['1', '2']);
  expect(cut([...two(1, 4), ...two(3, 4), ...two(5, 4)])).toEqual(['1', '2', '3', '4']);
});
