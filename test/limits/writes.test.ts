import { afterEach, expect, it, vi } from 'vitest';
import type { Answers } from '../../src/protocol/server-down.ts';
import { flexibleRate } from '../../src/server/limits/flexible-rate.ts';
import { FakePeer, sent } from '../server/support/fake-peer.ts';
import { publicCore } from '../server/support/test-core.ts';

afterEach(() => vi.useRealTimers());

/** A server where each user has ten writes in ten seconds, on a clock that is turned by hand. */
async function slowCore() {
  vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout'], now: 0 });
  const rate = { count: 10, seconds: 10 };
  const failed = (error: unknown) => expect.unreachable(String(error));
  return publicCore({ rates: { writes: flexibleRate({ name: 'writes', rate, failed }) } });
}

const creates = (from: number, to: number, fields = {}) =>
  Array.from({ length: to - from + 1 }, (_, i) =>
    sent(`a:${from + i}`, { user: 'ann', record: `r${from + i}`, ...fields }),
  );

it('[LI7] takes as many writes as a user may do, and says of the others when they may be tried again', async () => {
  const { core } = await slowCore();
  const ann = await FakePeer.connect(core, 'ann');
  const receipts = await ann.push(...creates(1, 12));
  expect(receipts.map(({ type }) => type)).toEqual([...Array(10).fill('applied'), 'retry', 'retry']);
  expect(receipts.at(-1)).toMatchObject({ code: 'rate', ids: ['a:12'], after: 10_000 });
  vi.advanceTimersByTime(4_000);
  expect(await ann.push(...creates(11, 12))).toMatchObject([
    { type: 'retry', after: 6_000 },
    { code: 'rate' },
  ]);
  vi.advanceTimersByTime(6_000);
  expect(await ann.types(...creates(11, 12))).toEqual(['applied', 'applied']);
});

it('[LI7] counts a user’s connections together, and users apart', async () => {
  const { core } = await slowCore();
  const [ann, again, bob] = await Promise.all(
    ['ann', 'ann', 'bob'].map((user) => FakePeer.connect(core, user)),
  );
  await ann?.push(...creates(1, 10));
  expect(await again?.types(...creates(11, 11))).toEqual(['retry']);
  expect(await bob?.types(sent('b:1', { user: 'bob' }))).toEqual(['applied']);
});

it('[LI7] lets no write overtake another of its lane', async () => {
  const { core } = await slowCore();
  const ann = await FakePeer.connect(core, 'ann');
  const update = { record: 'r1', method: 'update', base: 'previous' };
  await ann.push(...creates(1, 9));
  const [first, second] = [creates(10, 10, update), creates(11, 11, update)];
  expect(await ann.types(...first, ...second)).toEqual(['applied', 'retry']);
});

it('[LI7] answers what it has answered before, and counts that for nothing', async () => {
  const { core } = await slowCore();
  const ann = await FakePeer.connect(core, 'ann');
  await ann.push(...creates(1, 9));
  expect(await ann.types(...creates(1, 9), ...creates(10, 11))).toEqual([
    ...Array(9).fill('duplicate'),
    ...['applied', 'retry'],
  ]);
});

it('[LI7] never cuts a batch, and takes one that is larger than all that is allowed at once', async () => {
  const { core } = await slowCore();
  const ann = await FakePeer.connect(core, 'ann');
  const batch = { batch: { id: 'a:2', size: 20 } };
  expect(await ann.types(...creates(1, 1), ...creates(2, 21, batch))).toEqual(Array(21).fill('applied'));
  const other = { batch: { id: 'a:22', size: 2 } };
  const [first, second] = await ann.push(...creates(22, 23, other));
  expect([first, second]).toMatchObject([
    { type: 'retry', code: 'rate' },
    { type: 'retry', code: 'rate' },
  ]);
  vi.advanceTimersByTime(10_000);
  expect(await ann.types(...creates(22, 23, other))).toEqual(['applied', 'applied']);
});

it('[LI7] counts what is folded into one as what it is, and withdrawals too', async () => {
  const { core } = await slowCore();
  const ann = await FakePeer.connect(core, 'ann');
  const also = Array.from({ length: 9 }, (_, i) => `a:${i + 2}`);
  expect(await ann.types(sent('a:1', { user: 'ann' }, also))).toEqual(['applied']);
  expect(await ann.types(...creates(11, 11))).toEqual(['retry']);
  const withdrawal = await ann.ask('withdraw', { user: 'ann', ids: ['a:12'] });
  expect(withdrawal).toEqual({ refused: { code: 'rate', message: expect.any(String), after: 10_000 } });
  vi.advanceTimersByTime(10_000);
  const { receipts } = (await ann.ask('withdraw', { user: 'ann', ids: ['a:12'] })) as Answers['withdraw'];
  expect(receipts).toMatchObject([{ type: 'withdrawn' }]);
});

it('[LI7] writes no refusal down for more than a user may do', async () => {
  const { core } = await slowCore();
  const ann = await FakePeer.connect(core, 'ann');
  const bad = creates(1, 12, { set: { constructor: 1 } });
  expect(await ann.types(...bad)).toEqual([...Array(10).fill('invalid'), 'retry', 'retry']);
});
