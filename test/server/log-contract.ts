import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Attributes } from '../../src/protocol/attributes.ts';
import type { Cursor, Entry } from '../../src/protocol/change.ts';
import type { Epoch, Mark, RecordId, RecordKey } from '../../src/protocol/ids.ts';
import type { Store } from '../../src/server/store.ts';
import { seededRandom } from '../../src/testing/seeded-random.ts';
import { layOn } from './support/lay-on.ts';
import { changeOf, commit, TOPIC, write } from './support/store-write.ts';

/** What every store of the server does with its log and its pages. */
export function logContract(name: string, make: () => Store): void {
  describe(`${name}: pages and log`, () => {
    let store: Store;
    let epoch: Epoch;
    beforeEach(async () => {
      store = make();
      ({ epoch } = await store.open());
    });
    afterEach(() => store.close());

    const start = (): Cursor => ({ epoch, offset: 0, mark: '' as Mark });
    it('[DB9] gives live records in pages, in the order of their keys, until there are no more', async () => {
      const keys = ['e', 'a', 'c', 'b', 'd'];
      await commit(
        store,
        ...keys.map((key, n) => write(`a:${n}`, 'create', key, { n })),
        write('a:9', 'delete', 'c'),
      );
      const bounds = { rows: 2, bytes: 1_000 };
      const first = await store.page(TOPIC, null, bounds);
      expect(first.rows.map(([key]) => key)).toEqual(['a', 'b']);
      const second = await store.page(TOPIC, first.next, bounds);
      expect(second).toEqual({
        rows: [
          ['d', 5, { n: 4 }],
          ['e', 1, { n: 0 }],
        ],
        next: null,
      });
    });

    it('[DB9] ends a page with the record that reaches its bytes', async () => {
      const text = 'x'.repeat(50);
      await commit(store, ...['a', 'b', 'c'].map((key, n) => write(`a:${n}`, 'create', key, { text })));
      const { rows, next } = await store.page(TOPIC, null, { rows: 10, bytes: 100 });
      expect([rows.length, next]).toEqual([2, 'b']);
      expect((await store.page(TOPIC, 'b' as RecordKey, { rows: 10, bytes: 1 })).next).toBe(null);
      expect(await store.page('/nothing' as typeof TOPIC, null, { rows: 10, bytes: 1 })).toEqual({
        rows: [],
        next: null,
      });
    });

    it('[DB10] tells what changed after a cursor, one entry a record, by the offset of its last change', async () => {
      await commit(store, write('a:1', 'create', 'x', { a: 1, b: 1 }), write('a:2', 'create', 'y', { a: 1 }));
      const cursor = await store.head(TOPIC);
      await commit(
        store,
        write('a:3', 'update', 'x', { a: 2 }),
        write('a:4', 'update', 'y', { a: 2 }),
        write('a:5', 'update', 'x', { c: 1 }, { unset: ['b'] }),
        write('a:6', 'create', 'z', { a: 1 }),
        write('a:7', 'update', 'z', { b: 2 }),
        write('a:8', 'delete', 'y'),
      );
      expect(await store.log(TOPIC, cursor)).toEqual({
        entries: [
          ['x', 5, { a: 2, c: 1 }, ['b']],
          ['z', 7, { a: 1, b: 2 }, '*'],
          ['y', 8, null],
        ],
        cursor: await store.head(TOPIC),
      });
    });

    it('[DB20] tells nothing where that is more than asked for, and all where it is not', async () => {
      const text = 'x'.repeat(1_000);
      const keys = Array.from({ length: 70 }, (_, n) => `k${n}`);
      await commit(store, ...keys.map((key, n) => write(`a:${n}`, 'create', key)));
      const first = await store.head(TOPIC);
      await commit(store, ...keys.map((key, n) => write(`b:${n}`, 'update', key, { text })));
      expect(await store.log(TOPIC, first, 1)).toBeNull();
      expect(await store.log(TOPIC, first, 70_000)).toBeNull();
      const missed = await store.log(TOPIC, first, 90_000);
      expect(missed).toEqual(await store.log(TOPIC, first));
      expect(missed?.entries).toEqual(keys.map((key, n) => [key, 71 + n, { text }]));
      const then = await store.head(TOPIC);
      expect(await store.log(TOPIC, then, 0)).toEqual({ entries: [], cursor: then });
      // What has no text takes memory too.
      await commit(store, ...keys.map((key, n) => write(`c:${n}`, 'delete', key)));
      expect(await store.log(TOPIC, then, 5_000)).toBeNull();
      expect((await store.log(TOPIC, then, 20_000))?.entries.length).toBe(70);
    });

    it('[DB19] keeps the id of who made the record last, a number or text, where one commit deleted it before', async () => {
      await commit(store, write('a:1', 'create', '5', { n: 1 }));
      await commit(store, write('a:2', 'delete', '5'), write('a:3', 'create', 5, { n: 2 }));
      expect((await store.page(TOPIC, null, { rows: 9, bytes: 1_000 })).rows).toEqual([[5, 3, { n: 2 }]]);
      expect(await store.read([{ topic: TOPIC, key: '5' as RecordKey }])).toEqual([[5, 3, { n: 2 }]]);
    });

    it('[DB10] replaces the whole record where it was deleted and made again in between', async () => {
      await commit(store, write('a:1', 'create', 'x', { old: 1, n: 1 }));
      const cursor = await store.head(TOPIC);
      await commit(
        store,
        write('a:2', 'update', 'x', { more: 1 }),
        write('a:3', 'delete', 'x'),
        write('a:4', 'create', 'x', { n: 2 }),
        write('a:5', 'update', 'x', { m: 1 }, { unset: ['n'] }),
      );
      expect((await store.log(TOPIC, cursor))?.entries).toEqual([['x', 5, { m: 1 }, '*']]);
    });

    it('[DB10] conflates to the same records as the changes one by one, from wherever one starts', async () => {
      const random = seededRandom(7);
      const pick = <T>(...items: T[]) => items[Math.floor(random.next() * items.length)] as T;
      const images: { readonly cursor: Cursor; readonly records: Map<RecordId, Attributes> }[] = [];
      const records = new Map<RecordId, Attributes>();
      const lay = (onto: typeof records, entry: Entry) => layOn(onto, entry[0], entry);
      for (let n = 0; n < 120; n++) {
        images.push({ cursor: await store.head(TOPIC), records: new Map(records) });
        const method = pick('create', 'update', 'patch', 'delete', 'update', 'patch');
        const unset = method === 'create' || method === 'delete' ? [] : pick([], ['a'], ['b', 'c']);
        const set = method === 'delete' ? {} : { [pick('a', 'b', 'c')]: n };
        const base = pick(null, 'previous' as const);
        const [outcome] = await store.commit(
          [write(`a:${n}`, method, pick<string | number>('x', 'y', 3), set, { unset, base })],
          n,
        );
        if (outcome?.type === 'receipts' && outcome.changed) lay(records, outcome.changed.entry);
      }
      const live = await store.page(TOPIC, null, { rows: 100, bytes: 100_000 });
      expect(new Map(live.rows.map(([id, , attrs]) => [id, attrs]))).toEqual(records);
      for (const image of images) {
        const missed = await store.log(TOPIC, image.cursor);
        for (const entry of missed?.entries ?? []) lay(image.records, entry);
        expect(image.records).toEqual(records);
        const offsets = (missed?.entries ?? []).map(([, offset]) => offset);
        expect(offsets).toEqual([...offsets].sort((a, b) => a - b));
      }
    });

    it('[DB18] tells and keeps what a record was before, where a write asks for it', async () => {
      const images = { images: { before: null } } as const;
      const outcomes = await store.commit(
        [
          write('a:1', 'create', 'x', { a: 1 }, images),
          write('a:2', 'update', 'x', { b: 1 }, images),
          write('a:3', 'create', 'y', { a: 1 }),
        ],
        1,
      );
      expect(outcomes.map((outcome) => changeOf(outcome).before)).toEqual([null, { a: 1 }, undefined]);
      const cursor = await store.head(TOPIC);
      expect((await store.log(TOPIC, start()))?.images).toEqual(new Map([['x', [null, { a: 1 }]]]));
      await commit(
        store,
        write('a:4', 'update', 'x', { a: 2 }, { ...images, unset: ['b'] }),
        write('a:5', 'delete', 'x', {}, images),
        // One of them did not ask.
        write('a:6', 'update', 'y', { a: 2 }),
        write('a:7', 'update', 'y', { a: 3 }, images),
        write('a:8', 'create', 7, {}, images),
      );
      const known = [
        ['x', [{ a: 1, b: 1 }, { a: 2 }]],
        ['7', [null]],
      ] as const;
      expect((await store.log(TOPIC, cursor))?.images).toEqual(new Map<unknown, unknown>(known));
    });

    it('[MN8] tells the heads of many topics at once, in the order asked', async () => {
      await commit(store, write('a:1', 'create', 'x'), write('a:2', 'update', 'x', { n: 2 }));
      const other = '/nothing' as typeof TOPIC;
      const heads = [await store.head(other), await store.head(TOPIC), await store.head(other)];
      expect(await store.heads([other, TOPIC, other])).toEqual(heads);
      expect([heads[0]?.offset, heads[1]?.offset, await store.heads([])]).toEqual([0, 2, []]);
    });

    it('[DB11] lets no cursor hold that is of another database, or another log', async () => {
      expect(await store.log(TOPIC, start())).toEqual({ entries: [], cursor: start() });
      await commit(store, write('a:1', 'create', 'x'));
      const head = await store.head(TOPIC);
      expect(await store.log(TOPIC, head)).toEqual({ entries: [], cursor: head });
      expect(await store.log(TOPIC, { ...head, epoch: 'other' as Epoch })).toBe(null);
      expect(await store.log(TOPIC, { ...head, mark: 'other' as Mark })).toBe(null);
      expect(await store.log(TOPIC, { ...head, offset: 2 })).toBe(null);
      for (const offset of [-1, 0.5, 1.5, 1e300, Number.NaN])
        expect(await store.log(TOPIC, { ...head, offset })).toBe(null);
      expect(await store.log('/nothing' as typeof TOPIC, head)).toBe(null);
    });
  });
}
