import { expect, it } from 'vitest';
import { OutboxPacks, type StoredPack } from '../../src/hub/adapters/outbox-packs.ts';
import type { Op } from '../../src/hub/storage.ts';
import { outboxRow } from './rows.ts';

it('[ST16] keeps the rest of a pack whose first row goes and comes back', () => {
  const disk = new Map<number, StoredPack>();
  const store = {
    put: (pack: StoredPack) => disk.set(pack.key, pack),
    delete: (key: number) => disk.delete(key),
  } as unknown as IDBObjectStore;
  const packs = new OutboxPacks();
  const put = (order: number): Op => ({ type: 'putMutation', row: outboxRow(order) });
  const commit = (...ops: Op[]) => packs.apply(ops).request(store);
  commit(put(1), put(2), put(3));
  commit({ type: 'deleteMutation', order: 1 }, put(4));
  commit({ type: 'deleteMutation', order: 4 }, put(1));
  const loaded = new OutboxPacks().load([...disk.values()]);
  expect(loaded.map(({ order }) => order)).toEqual([1, 2, 3]);
});
