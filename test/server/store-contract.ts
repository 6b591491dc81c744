import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Attributes } from '../../src/protocol/attributes.ts';
import { type MutationId, recordKey, type Topic, type UserId } from '../../src/protocol/ids.ts';
import type { Store } from '../../src/server/store.ts';
import { changeOf, commit, receiptsOf, TOPIC, write } from './support/store-write.ts';

const everything = { rows: 1_000, bytes: 1_000_000 };

/** What every store of the server does. `make` gives an empty one. */
export function storeContract(name: string, make: () => Store): void {
  describe(`${name}: commits`, () => {
    let store: Store;
    beforeEach(async () => {
      store = make();
      await store.open();
    });
    afterEach(() => store.close());

    const row = async (record: string | number, topic = TOPIC) =>
      (await store.read([{ topic, key: recordKey(record) }]))[0];

    it('[DB1] gives each change the next offset of its topic, a mark, and the record that offset as its version', async () => {
      const other = '/other' as Topic;
      const outcomes = await store.commit(
        [
          write('a:1', 'create', 'x', { title: 'one' }),
          write('a:2', 'create', 'y', { title: 'two' }, { topic: other }),
          write('a:3', 'update', 'x', { done: true }),
        ],
        1,
      );
      const changes = outcomes.map(changeOf);
      expect(changes.map(({ topic, from, cursor }) => [topic, from, cursor.offset])).toEqual([
        [TOPIC, 0, 1],
        [other, 0, 1],
        [TOPIC, 1, 2],
      ]);
      expect(new Set(changes.map(({ cursor }) => cursor.mark)).size).toBe(3);
      expect(changes.map(({ since }) => since)).toEqual(['', '', changes[0]?.cursor.mark]);
      expect(await store.head(TOPIC)).toEqual(changes[2]?.cursor);
      expect(await row('x')).toEqual(['x', 2, { title: 'one', done: true }]);
    });

    it('[DB1] packs a change as an entry that names the mutations that caused it', async () => {
      const outcomes = await store.commit(
        [
          write(['a:1', 'a:2'], 'create', 7, { title: 'one' }),
          write('a:3', 'patch', 7, { done: true }, { unset: ['title'] }),
          write([], 'delete', 7),
        ],
        1,
      );
      expect(outcomes.map((outcome) => changeOf(outcome).entry)).toEqual([
        [7, 1, { title: 'one' }, '*', ['a:1', 'a:2']],
        [7, 2, { done: true }, ['title'], ['a:3']],
        [7, 3, null],
      ]);
    });

    it('[DB2] answers a repeat with the first answer, and does it once', async () => {
      const sent = { set: { title: 'one' }, unset: [] };
      const create = write('a:1', 'create', 'x', { title: 'ONE', by: 'ann' }, { sent });
      const [first] = await store.commit([create], 1);
      expect(receiptsOf(first)).toEqual([
        { type: 'applied', ids: ['a:1'], offset: 1, set: { title: 'ONE', by: 'ann' } },
      ]);
      const [again] = await store.commit([create], 2);
      expect(receiptsOf(again)).toEqual([
        { type: 'duplicate', ids: ['a:1'], offset: 1, set: { title: 'ONE', by: 'ann' } },
      ]);
      expect((await store.head(TOPIC)).offset).toBe(1);
    });

    it('[DB2] answers a repeat of what was merged as merged, also where nothing else is told of it', async () => {
      await commit(store, write('a:1', 'create', 'x', { n: 1 }), write('a:2', 'update', 'x', { n: 2 }));
      const conflict = ({ yours }: { yours: Attributes }) => yours;
      const merged = write('b:1', 'update', 'x', { n: 3 }, { base: 1, was: { n: 1 }, conflict });
      const [first] = await store.commit([merged], 1);
      expect(receiptsOf(first)).toEqual([{ type: 'applied', ids: ['b:1'], offset: 3, merged: true }]);
      const [again] = await store.commit([merged], 2);
      expect(receiptsOf(again)).toEqual([{ type: 'duplicate', ids: ['b:1'], offset: 3, merged: true }]);
    });

    it('[DB2] answers a repeat of a refusal with the refusal', async () => {
      await commit(store, write('a:1', 'create', 'x', { n: 1 }));
      const create = write('a:2', 'create', 'x', { n: 2 });
      const [first] = await store.commit([create], 1);
      await commit(store, write('a:3', 'update', 'x', { n: 3 }));
      const [again] = await store.commit([create], 2);
      expect(receiptsOf(again)).toEqual(receiptsOf(first));
      expect(receiptsOf(again)[0]).toMatchObject({
        type: 'conflict',
        current: { version: 1, attrs: { n: 1 } },
      });
    });

    it('[DB2] keeps one receipt for each id of a fold', async () => {
      await commit(store, write(['a:1', 'a:2', 'a:3'], 'create', 'x', { n: 3 }));
      expect(
        await commit(store, write('a:2', 'update', 'x', { n: 2 }), write('a:3', 'update', 'x', { n: 3 })),
      ).toEqual(['duplicate', 'duplicate']);
      expect(await row('x')).toEqual(['x', 1, { n: 3 }]);
    });

    it('[DB2] has the rest of a fold sent again alone, when a part of it is known', async () => {
      await commit(store, write('a:1', 'create', 'x', { n: 1 }));
      const fold = write(['a:1', 'a:2'], 'create', 'x', { n: 2 });
      expect(await commit(store, fold, write('a:3', 'update', 'x', { n: 3 }))).toEqual([
        'duplicate+retry',
        'moved',
      ]);
      expect(await row('x')).toEqual(['x', 1, { n: 1 }]);
    });

    it("[DB2] keeps one user's receipts from another's", async () => {
      await commit(store, write('a:1', 'create', 'x', { n: 1 }));
      const bob = { user: 'bob' as UserId };
      expect(await commit(store, write('a:1', 'update', 'x', { n: 2 }, bob))).toEqual(['applied']);
      const id = 'a:1' as MutationId;
      expect((await store.receipts(bob.user, [{ id, number: 0 }])).get(id)).toEqual({
        type: 'duplicate',
        ids: ['a:1'],
        offset: 2,
      });
    });

    it('[DB5] does not carry out what was judged on another record, nor what comes after it in its lane', async () => {
      await commit(store, write('a:1', 'create', 'x', { n: 1 }), write('a:2', 'update', 'x', { n: 2 }));
      const outcomes = await commit(
        store,
        write('b:1', 'update', 'x', { n: 3 }, { judgedOn: 1 }),
        write('b:2', 'update', 'x', { n: 4 }),
        write('b:3', 'create', 'y', {}, { judgedOn: null }),
      );
      expect(outcomes).toEqual(['moved', 'moved', 'applied']);
      expect(await row('x')).toEqual(['x', 2, { n: 2 }]);
    });

    it('[DB5] lets a write be judged on what the one before it leaves behind, if that came as foreseen', async () => {
      const previous = { judgedOn: 'previous' } as const;
      const lane = [
        write('a:1', 'create', 'x', { n: 1 }, { judgedOn: null }),
        write('a:2', 'update', 'x', { n: 2 }, previous),
        write('a:3', 'delete', 'x', {}, previous),
        write('a:4', 'create', 'x', { n: 4 }, previous),
      ];
      expect(await commit(store, ...lane)).toEqual(['applied', 'applied', 'applied', 'applied']);
      const refused = [write('b:1', 'create', 'x', {}), write('b:2', 'update', 'x', { n: 5 }, previous)];
      expect(await commit(store, ...refused)).toEqual(['conflict', 'moved']);
      const between = [
        write('c:1', 'update', 'x', { n: 5 }),
        write('c:2', 'create', 'x', { n: 6 }, previous),
        write('c:3', 'update', 'x', { n: 7 }, previous),
      ];
      expect(await commit(store, ...between)).toEqual(['applied', 'conflict', 'moved']);
      const conflict = () => ({ n: 100 });
      const merged = write('d:1', 'update', 'x', { n: 8 }, { conflict });
      const after = write('d:2', 'update', 'x', { n: 9 }, previous);
      expect(await commit(store, merged, after)).toEqual(['applied', 'moved']);
    });

    it('[DB5] fails a write whose conflict function throws, holds its lane, and does the rest', async () => {
      await commit(store, write('a:1', 'create', 'x', { n: 1 }));
      const conflict = () => {
        throw new Error('cannot merge');
      };
      const outcomes = await commit(
        store,
        write('b:1', 'update', 'x', { n: 2 }, { conflict, base: null }),
        write('b:2', 'update', 'x', { n: 3 }),
        write('b:3', 'create', 'y'),
      );
      expect(outcomes).toEqual(['failed', 'moved', 'applied']);
      expect(await row('x')).toEqual(['x', 1, { n: 1 }]);
    });

    it('[DB6] refuses a record that would become too large, and leaves it as it is', async () => {
      const text = 'ü'.repeat(40);
      await commit(store, write('a:1', 'create', 'x', { a: text }, { limit: 100 }));
      const [outcome] = await store.commit([write('a:2', 'update', 'x', { b: text }, { limit: 100 })], 1);
      expect(receiptsOf(outcome)[0]).toMatchObject({ type: 'invalid', code: 'too-large' });
      expect(await row('x')).toEqual(['x', 1, { a: text }]);
    });

    it('[DB7] keeps the type of ids, and compares them as text', async () => {
      await commit(store, write('a:1', 'create', 7, { n: 1 }), write('a:2', 'create', '08', { n: 2 }));
      expect(await commit(store, write('a:3', 'update', '7', { n: 3 }))).toEqual(['applied']);
      expect((await store.page(TOPIC, null, everything)).rows).toEqual([
        ['08', 2, { n: 2 }],
        [7, 3, { n: 3 }],
      ]);
    });

    it('[DB15] never takes a record id that is neither text nor a number, and does the rest', async () => {
      for (const id of [undefined, null, Number.NaN, Number.POSITIVE_INFINITY, {}, ['x'], true, 1n]) {
        const bad = write([], 'update', id as never, { n: 1 }, { base: null });
        const [outcome, other] = await store.commit(
          [bad, write([], 'update', 'fine', {}, { base: null })],
          1,
        );
        expect(outcome).toMatchObject({ type: 'failed', error: { code: 'bad-message' } });
        expect(other?.type).toBe('receipts');
      }
      expect((await store.page(TOPIC, null, everything)).rows).toEqual([['fine', 8, {}]]);
    });

    it('[DB7] gives attributes back as they were, whatever is in them', async () => {
      const attrs = { 'a b': [1, { c: null }], lone: '\ud800', nul: '\0', empty: '', n: 1.5, big: 2 ** 60 };
      await commit(store, write('a:1', 'create', 'ключ ✓', attrs));
      expect(await row('ключ ✓')).toEqual(['ключ ✓', 1, attrs]);
    });

    it('[DB8] is what it was after it was closed and opened again', async () => {
      await commit(store, write('a:1', 'create', 'x', { n: 1 }));
      const before = [await store.head(TOPIC), (await store.open()).epoch, await store.number()];
      await store.close();
      const { epoch } = await store.open();
      expect([await store.head(TOPIC), epoch, await store.number()]).toEqual(before);
      expect(await commit(store, write('a:1', 'create', 'x', { n: 1 }))).toEqual(['duplicate']);
    });
  });
}
