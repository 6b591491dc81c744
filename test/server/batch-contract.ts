import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type MutationId, recordKey, type Topic } from '../../src/protocol/ids.ts';
import type { Store } from '../../src/server/store.ts';
import { commit, receiptsOf, TOPIC, write } from './support/store-write.ts';

const batch = 'b:1' as MutationId;
const other = '/other' as Topic;

/** What every store does with writes that stand or fall together. */
export function batchContract(name: string, make: () => Store): void {
  describe(`${name}: batches`, () => {
    let store: Store;
    beforeEach(async () => {
      store = make();
      await store.open();
    });
    afterEach(() => store.close());

    const row = async (record: string, topic = TOPIC) =>
      (await store.read([{ topic, key: recordKey(record) }]))[0];
    const whole = (from: number) => [
      write(`b:${from}`, 'create', 'x', { n: 1 }, { batch }),
      write(`b:${from + 1}`, 'update', 'x', { m: 2 }, { batch, base: 'previous' }),
      write(`b:${from + 2}`, 'create', 'y', { n: 3 }, { batch, topic: other }),
    ];

    it('[BA1] commits a batch whole, each write on what those before it leave, and repeats its receipts', async () => {
      const first = await store.commit(whole(1), 1);
      expect(first.map((outcome) => receiptsOf(outcome)[0])).toEqual([
        { type: 'applied', ids: ['b:1'], offset: 1 },
        { type: 'applied', ids: ['b:2'], offset: 2 },
        { type: 'applied', ids: ['b:3'], offset: 1 },
      ]);
      expect(await row('x')).toEqual(['x', 2, { n: 1, m: 2 }]);
      expect(await row('y', other)).toEqual(['y', 1, { n: 3 }]);
      const again = await store.commit(whole(1), 1);
      expect(again.map((outcome) => receiptsOf(outcome)[0]?.type)).toEqual(Array(3).fill('duplicate'));
    });

    it('[BA1] commits nothing of a batch of which the last is refused, and remembers why', async () => {
      await commit(store, write('a:1', 'create', 'y', { n: 0 }, { topic: other }));
      const refused = await store.commit(whole(1), 1);
      const expected = [
        { type: 'invalid', ids: ['b:1'], code: 'batch', details: { refused: 'b:3' } },
        { type: 'invalid', ids: ['b:2'], code: 'batch', details: { refused: 'b:3' } },
        { type: 'conflict', ids: ['b:3'], current: { version: 1, attrs: { n: 0 } } },
      ];
      expect(refused.map((outcome) => receiptsOf(outcome)[0])).toMatchObject(expected);
      expect(await row('x')).toBeNull();
      expect((await store.head(TOPIC)).offset).toBe(0);
      const again = await store.commit(whole(1), 1);
      expect(again.map((outcome) => receiptsOf(outcome)[0])).toMatchObject(expected);
    });

    it('[BA1] tells of a conflict what is there, not what the batch would have left', async () => {
      const [create] = whole(1);
      if (!create) throw new Error('There is one');
      const again = write('b:2', 'create', 'x', { n: 2 }, { batch });
      const outcomes = await store.commit([create, again], 1);
      expect(outcomes.map((outcome) => receiptsOf(outcome)[0])).toMatchObject([
        { type: 'invalid', code: 'batch' },
        { type: 'conflict', ids: ['b:2'], current: null },
      ]);
    });

    it('[BA1] commits nothing of a batch of which one was done by itself before, whichever, and says so for good', async () => {
      const three = (n: number) =>
        ['x', 'y', 'z'].map((record, at) => write(`b:${n + at}`, 'create', `${record}${n}`, {}, { batch }));
      for (const known of [0, 1, 2]) {
        const from = 1 + 3 * known;
        await commit(store, write(`b:${from + known}`, 'create', `w${known}`));
        const { offset } = await store.head(TOPIC);
        const outcomes = await store.commit(three(from), 1);
        const refused = { type: 'invalid', code: 'batch', details: { refused: `b:${from + known}` } };
        const expected = [refused, refused, refused].map((one, at) =>
          at === known ? { type: 'duplicate' } : one,
        );
        expect(outcomes.map((outcome) => receiptsOf(outcome)[0])).toMatchObject(expected);
        expect((await store.head(TOPIC)).offset).toBe(offset);
        const again = await store.commit(three(from), 1);
        expect(again.map((outcome) => receiptsOf(outcome)[0])).toMatchObject(expected);
      }
    });

    it('[BA1] does nothing for good where one has moved, and holds back what comes after in its lanes alone', async () => {
      const [create, update, last] = whole(1);
      if (!create || !update || !last) throw new Error('There are three');
      const outcomes = await store.commit(
        [
          { ...create, judgedOn: null },
          { ...update, judgedOn: 'previous' },
          { ...last, judgedOn: 7 },
          write('a:1', 'create', 'x', { n: 9 }),
          write('a:2', 'create', 'z', { n: 9 }),
        ],
        1,
      );
      expect(outcomes.map(({ type }) => type)).toEqual(['moved', 'moved', 'moved', 'moved', 'receipts']);
      expect(await row('x')).toBeNull();
      expect(await store.receipts(create.user, [{ id: batch, number: 9 }])).toEqual(new Map());
    });

    it('[BA1] is nothing to those beside it, whether it is refused or not', async () => {
      await commit(store, write('a:1', 'create', 'y', { n: 0 }, { topic: other }));
      const outcomes = await store.commit(
        [write('a:2', 'create', 'x', { n: 5 }), ...whole(1), write('a:3', 'update', 'x', { k: 6 })],
        1,
      );
      const types = outcomes.map((outcome) => receiptsOf(outcome)[0]?.type);
      expect(types).toEqual(['applied', 'conflict', 'invalid', 'invalid', 'applied']);
      expect(await row('x')).toEqual(['x', 2, { n: 5, k: 6 }]);
    });
  });
}
