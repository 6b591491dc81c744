import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Store } from '../../src/server/store.ts';
import { changeOf, commit, receiptsOf, TOPIC, write } from './support/store-write.ts';

const bounds = { rows: 100, bytes: 1_000_000 };
const asked = { asked: true };
export const temporary = (n: number) => `~00000000-0000-7000-8000-${String(n).padStart(12, '0')}`;

/** How every store of the server gives ids. */
export function idContract(name: string, make: () => Store): void {
  describe(`${name}: ids from the server`, () => {
    let store: Store;
    beforeEach(async () => {
      store = make();
      await store.open();
    });
    afterEach(() => store.close());

    const ask = (id: string, n: number) => write(id, 'create', temporary(n), { n }, asked);
    const given = async (id: string, n: number) => {
      const [outcome] = await store.commit([ask(id, n)], 1);
      return receiptsOf(outcome)[0];
    };

    it('[ID1] gives a record that asks for its id the next integer, as a number, and says so in receipt and change', async () => {
      const outcomes = await store.commit([ask('a:1', 1), ask('a:2', 2)], 1);
      expect(outcomes.map((outcome) => receiptsOf(outcome)[0])).toEqual([
        { type: 'applied', ids: ['a:1'], offset: 1, record: 1 },
        { type: 'applied', ids: ['a:2'], offset: 2, record: 2 },
      ]);
      expect(changeOf(outcomes[1]).entry).toEqual([2, 2, { n: 2 }, '*', ['a:2']]);
      expect((await store.page(TOPIC, null, bounds)).rows).toEqual([
        [1, 1, { n: 1 }],
        [2, 2, { n: 2 }],
      ]);
    });

    it('[ID1] answers a repeat, of a part of a fold too, with the id that it gave first', async () => {
      await store.commit([write(['a:1', 'a:2'], 'create', temporary(1), { n: 1 }, asked)], 1);
      await given('a:3', 3);
      expect(await given('a:2', 1)).toEqual({ type: 'duplicate', ids: ['a:2'], offset: 1, record: 1 });
      expect((await store.page(TOPIC, null, bounds)).rows).toHaveLength(2);
    });

    it('[ID2] never gives an integer that was used in the topic before, whoever made it and whatever became of it', async () => {
      await commit(store, write('a:1', 'create', 41, {}), write('a:2', 'delete', 41));
      expect(await given('a:3', 1)).toMatchObject({ record: 42 });
      await commit(store, write('a:4', 'delete', 42), write('a:5', 'create', '50', {}));
      await store.trim({ log: () => ({ changes: 0, before: 1e15 }), receiptsBefore: 0 });
      await store.close();
      await store.open();
      expect(await given('a:6', 2)).toMatchObject({ record: 51 });
      expect(await commit(store, write('a:7', 'create', 'card 99', {}))).toEqual(['applied']);
      expect(await given('a:8', 3)).toMatchObject({ record: 52 });
    });

    it('[ID3] never keeps a record under a temporary id: what is done to one that was never made is gone, or nothing', async () => {
      const update = write('a:1', 'update', temporary(1), { n: 1 }, { base: null });
      expect(await commit(store, update, write('a:2', 'patch', temporary(1), { n: 2 }))).toEqual([
        'gone',
        'gone',
      ]);
      expect(await commit(store, write('a:3', 'delete', temporary(1)))).toEqual(['applied']);
      expect((await store.page(TOPIC, null, bounds)).rows).toEqual([]);
      expect((await store.head(TOPIC)).offset).toBe(0);
    });
  });
}
