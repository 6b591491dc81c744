import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type MutationId, recordKey } from '../../src/protocol/ids.ts';
import type { RefusingReceipt } from '../../src/protocol/receipt.ts';
import type { Store } from '../../src/server/store.ts';
import { ANN, commit, TOPIC, write } from './support/store-write.ts';

const ids = (...names: string[]) => names as readonly string[] as readonly MutationId[];

/** What every store of the server does with receipts. */
export function receiptContract(name: string, make: () => Store): void {
  describe(`${name}: receipts`, () => {
    let store: Store;
    beforeEach(async () => {
      store = make();
      await store.open();
    });
    afterEach(() => store.close());

    const row = async (record: string) => (await store.read([{ topic: TOPIC, key: recordKey(record) }]))[0];

    it('[DB3] tells which receipts are known, and nothing of the others', async () => {
      await commit(store, write(['a:1', 'a:2'], 'create', 'x'), write('a:3', 'create', 'x'));
      const asked = ids('a:1', 'a:2', 'a:3', 'a:4').map((id) => ({ id, number: 0 }));
      const known = await store.receipts(ANN, asked);
      expect([...known].map(([id, receipt]) => [id, receipt.type, receipt.ids])).toEqual([
        ['a:1', 'duplicate', ['a:1']],
        ['a:2', 'duplicate', ['a:2']],
        ['a:3', 'conflict', ['a:3']],
      ]);
    });

    it('[DB3] numbers receipts, one for each id', async () => {
      expect(await store.number()).toBe(0);
      await commit(store, write(['a:1', 'a:2'], 'create', 'x'), write([], 'update', 'x', { n: 1 }));
      await store.refuse([{ user: ANN, receipt: refusal('a:3') }], 1);
      expect(await store.number()).toBe(3);
    });

    it('[DB3] says lost of what it does not know and was first sent below the floor, and of nothing else', async () => {
      await commit(store, write('a:1', 'create', 'x'), write('a:2', 'update', 'x', { n: 2 }));
      await commit(store, write('a:3', 'update', 'x', { n: 3 }));
      await store.trim({ log: () => ({ changes: 100, before: 0 }), receiptsBefore: 2_000 });
      await store.commit([write('a:4', 'update', 'x', { n: 4 }, { number: 3 })], 3_000);
      await store.trim({ log: () => ({ changes: 100, before: 0 }), receiptsBefore: 2_000 });
      expect(await store.number()).toBe(4);
      const old = await store.receipts(ANN, [{ id: 'a:1' as MutationId, number: 0 }]);
      expect(old.get('a:1' as MutationId)?.type).toBe('lost');
      const again = write('a:1', 'update', 'x', { n: 1 }, { number: 0 });
      const young = write('a:5', 'update', 'x', { n: 5 }, { number: 3 });
      expect(await commit(store, again, young, write([], 'update', 'x', { own: true }))).toEqual([
        'lost',
        'applied',
        'applied',
      ]);
      expect(await row('x')).toEqual(['x', 6, { n: 5, own: true }]);
    });

    it('[DB4] remembers refusals that were decided outside, but what has a receipt keeps it', async () => {
      await commit(store, write('a:1', 'create', 'x'));
      const receipts = await store.refuse([{ user: ANN, receipt: refusal('a:1', 'a:2') }], 1);
      expect(receipts.flat().map(({ type, ids }) => [type, ids])).toEqual([
        ['duplicate', ['a:1']],
        ['withdrawn', ['a:2']],
      ]);
      expect(await commit(store, write('a:2', 'update', 'x', { n: 2 }))).toEqual(['withdrawn']);
    });

    it('[LI21] refuses very many ids with one receipt, and says so of each of them', async () => {
      const many = Array.from({ length: 200_000 }, (_, n) => `n${n}` as MutationId);
      const receipt = { type: 'invalid', ids: many, code: 'bad-message', message: 'Too many' } as const;
      expect((await store.refuse([{ user: ANN, receipt }], 1)).flat()).toEqual([receipt]);
      const last = 'n199999' as MutationId;
      expect([...(await store.receipts(ANN, [{ id: last, number: 0 }])).keys()]).toEqual([last]);
    });
  });
}

const refusal = (...names: string[]): RefusingReceipt => ({
  type: 'withdrawn',
  ids: ids(...names),
  code: 'withdrawn',
  message: 'Taken back.',
});
