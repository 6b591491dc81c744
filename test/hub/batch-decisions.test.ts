import { describe, expect, it } from 'vitest';
import type { MutationId } from '../../src/protocol/ids.ts';
import type { Receipt } from '../../src/protocol/receipt.ts';
import { a, b, batchOf, decide, refusing, told, world } from './with-batches.ts';

describe('decided about', () => {
  it('[BA7] goes again whole, under new ids, with the edit where it belongs', async () => {
    const { w, tab } = await world();
    refusing(w);
    tab.write(...batchOf(tab, a({ title: 'X' }), b({ bad: 1 })));
    await w.settle();
    w.server.on('push', null);
    decide(tab, 'tab1:2', 'retry', { title: 'Y' });
    await w.settle();
    const [first, second] = w.server.requests('push').at(-1)?.mutations ?? [];
    expect([first?.mutation.set, second?.mutation.set]).toEqual([{ title: 'X' }, { bad: 1, title: 'Y' }]);
    expect(first?.mutation.batch).toEqual({ id: first?.mutation.id, size: 2 });
    expect(second?.mutation.batch).toEqual(first?.mutation.batch);
    expect(second?.mutation.id).not.toBe(first?.mutation.id);
    expect([w.onDisk, tab.outbox.size, tab.status?.rejected]).toEqual([[], 0, 0]);
  });

  it('[BA7] is withdrawn whole before it goes with an edit, and told so once', async () => {
    const { w, tab } = await world();
    w.server.on('push', ({ mutations }) => ({
      receipts: mutations.map(({ mutation: { id } }): Receipt => {
        return { type: 'retry', ids: [id], code: 'retry', message: 'later', after: 3_600_000 };
      }),
      number: 1,
    }));
    tab.write(...batchOf(tab, a({ x: 1 }), b({ x: 1 })));
    await w.settle();
    w.server.on('push', null);
    decide(tab, 'tab1:1', 'retry', { x: 2 });
    await w.settle();
    expect(w.server.requests('withdraw').map(({ ids }) => ids)).toEqual([['tab1:1', 'tab1:2']]);
    const sets = w.server
      .requests('push')
      .at(-1)
      ?.mutations.map(({ mutation }) => [mutation.set, mutation.batch?.size]);
    expect(sets).toEqual([
      [{ x: 2 }, 2],
      [{ x: 1 }, 2],
    ]);
    expect(told(tab, 1, 2)).toEqual(['settled withdrawn', 'settled withdrawn']);
    expect([w.onDisk, tab.outbox.size]).toEqual([[], 0]);
  });

  it('[BA7] is discarded whole, with what followed its creates and their batches', async () => {
    const { w, tab } = await world();
    await w.offline();
    tab.write(...batchOf(tab, { method: 'create', record: 'n' }, a({ title: 'X' })));
    tab.write(...batchOf(tab, { record: 'n', base: 'previous' }, b({ title: 'Y' })));
    tab.write({ record: 'c', method: 'create' });
    await w.settle();
    decide(tab, 'tab1:2', 'discard');
    await w.settle();
    expect(w.onDisk).toEqual(['tab1:5']);
    expect([tab.seen('n'), tab.seen('a'), tab.seen('b')]).toEqual([null, { title: 'A' }, { title: 'B' }]);
  });

  it('[BA7] is taken back whole, unless others build on it', async () => {
    const { w, tab } = await world();
    await w.offline();
    tab.write(...batchOf(tab, { method: 'create', record: 'n' }, a()));
    tab.write(...batchOf(tab, { record: 'n', base: 'previous' }, b()));
    await w.settle();
    tab.post({ type: 'abort', id: 'tab1:2' as MutationId });
    await w.settle();
    expect(w.onDisk).toHaveLength(4);
    tab.post({ type: 'abort', id: 'tab1:4' as MutationId });
    tab.post({ type: 'abort', id: 'tab1:2' as MutationId });
    await w.settle();
    expect(told(tab, 1, 2, 3, 4)).toEqual(Array(4).fill('failed abort'));
    expect(w.onDisk).toEqual([]);
  });
});
