import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Cursor } from '../../src/protocol/change.ts';
import type { Epoch, Mark, Topic } from '../../src/protocol/ids.ts';
import type { Store } from '../../src/server/store.ts';
import { seededRandom } from '../../src/testing/seeded-random.ts';
import { layOn } from './support/lay-on.ts';
import { commit, TOPIC, write } from './support/store-write.ts';

/** How every store of the server forgets what is too much, and what was overwritten. */
export function trimContract(name: string, make: () => Store): void {
  describe(`${name}: trimming and compaction`, () => {
    let store: Store;
    let epoch: Epoch;
    beforeEach(async () => {
      store = make();
      ({ epoch } = await store.open());
    });
    afterEach(() => store.close());

    const start = (): Cursor => ({ epoch, offset: 0, mark: '' as Mark });
    const keepLog = (changes: number, before = 0) => ({
      log: () => ({ changes, before }),
      receiptsBefore: 0,
    });

    it('[PG11] tells of a log that was compacted, and again, what it told before, from wherever one starts', async () => {
      const random = seededRandom(11);
      const pick = <T>(...items: T[]) => items[Math.floor(random.next() * items.length)] as T;
      const commitSome = (round: number) => {
        const some = Array.from({ length: 25 }, (_, n) => {
          const method = pick('create', 'update', 'patch', 'delete', 'update', 'patch');
          const unset = method === 'create' || method === 'delete' ? [] : pick([], ['a'], ['b', 'c']);
          const set = method === 'delete' ? {} : { [pick('a', 'b', 'c', 'd')]: `${round}-${n}` };
          const record = pick<string | number>('x', 'y', 3, 4, 5, 6, 7, 8, 9);
          return write([], method, record, set, { unset, base: pick(null, 'previous' as const) });
        });
        return store.commit(some, round);
      };
      const now = async () => {
        const { rows } = await store.page(TOPIC, null, { rows: 100, bytes: 100_000 });
        return new Map(rows.map(([id, , attrs]) => [id, attrs]));
      };
      const told: { readonly cursor: Cursor; readonly records: Awaited<ReturnType<typeof now>> }[] = [];
      for (let round = 0; round < 110; round++) {
        told.push({ cursor: await store.head(TOPIC), records: await now() });
        await commitSome(round);
        if (round === 70 || round === 109) await store.trim(keepLog(100_000));
      }
      const last = await now();
      for (const { cursor, records } of told) {
        for (const entry of (await store.log(TOPIC, cursor))?.entries ?? []) layOn(records, entry[0], entry);
        expect(records).toEqual(last);
      }
    });

    it('[DB12] trims the log by count; a cursor at the last entry that went still holds, an older one does not', async () => {
      const cursors = [start()];
      for (let n = 1; n <= 5; n++) {
        await commit(store, write(`a:${n}`, 'update', 'x', { n }, { base: null }));
        cursors.push(await store.head(TOPIC));
      }
      await store.trim(keepLog(2));
      await store.trim(keepLog(2));
      const held = await Promise.all(
        cursors.map(async (cursor) => (await store.log(TOPIC, cursor)) !== null),
      );
      expect(held).toEqual([false, false, false, true, true, true]);
      expect((await store.log(TOPIC, cursors[3] as Cursor))?.entries).toEqual([['x', 5, { n: 5 }]]);
    });

    it('[PG7] trims long logs of many topics, while others are written', async () => {
      const topics = ['/a', '/b', '/c'] as Topic[];
      for (const [at, topic] of topics.entries()) {
        const writes = Array.from({ length: 3_000 }, (_, n) =>
          write([], 'update', n % 5, { n }, { topic, base: null }),
        );
        for (let n = 0; n < 3_000; n += 500)
          await store.commit(writes.slice(n, n + 500), at < 2 ? 1_000 : 9_000);
      }
      const heads = await store.heads(topics);
      const trimmed = store.trim(keepLog(4_000, 5_000));
      await store.commit([write('a:1', 'create', 'x', {}, { topic: topics[0] as Topic })], 9_000);
      await trimmed;
      const missed = await Promise.all(heads.map((head, at) => store.log(topics[at] as Topic, head)));
      expect(missed.map((since) => since?.entries.length)).toEqual([1, 0, 0]);
      const old = topics.map((topic) => store.log(topic, start()));
      expect((await Promise.all(old)).map((since) => since?.entries.length ?? null)).toEqual([null, null, 5]);
      await store.trim(keepLog(10, 0));
      expect(await store.log(topics[2] as Topic, start())).toBeNull();
      expect(await store.size?.()).toMatchObject({ log: 1 + 0 + 10 });
    });

    it('[DB12] keeps all where the bounds have no end, and takes instants that are no whole numbers', async () => {
      const all = { log: () => ({ changes: Infinity, before: -Infinity }), receiptsBefore: -Infinity };
      await store.commit([write('a:1', 'create', 'x')], 1_000.25);
      await store.commit([write('a:2', 'update', 'x', { n: 2 })], 2_000.75);
      await store.trim(all);
      expect(await store.size?.()).toMatchObject({ log: 2, receipts: 2 });
      await store.trim({ log: () => ({ changes: Infinity, before: 1_500.5 }), receiptsBefore: 1_500.5 });
      expect(await store.size?.()).toMatchObject({ log: 1, receipts: 1 });
    });

    it('[DB12] trims the log by age, the whole of it too, and goes on after it', async () => {
      await store.commit([write('a:1', 'create', 'x')], 1_000);
      await store.commit([write('a:2', 'update', 'x', { n: 2 })], 2_000);
      await store.trim(keepLog(100, 2_000));
      expect(await store.log(TOPIC, start())).toBe(null);
      await store.trim(keepLog(100, 9_000));
      const head = await store.head(TOPIC);
      expect(await store.log(TOPIC, head)).toEqual({ entries: [], cursor: head });
      await commit(store, write('a:3', 'update', 'x', { n: 3 }));
      expect((await store.log(TOPIC, head))?.entries).toEqual([['x', 3, { n: 3 }]]);
    });
  });
}
