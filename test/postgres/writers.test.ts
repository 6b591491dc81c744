import { expect, it } from 'vitest';
import type { Attributes } from '../../src/protocol/attributes.ts';
import { afterEntry, type Cursor } from '../../src/protocol/change.ts';
import type { MutationId, RecordId, Topic } from '../../src/protocol/ids.ts';
import type { Store } from '../../src/server/store.ts';
import { postgresStore } from '../../src/server/stores/postgres/postgres-store.ts';
import { ANN, changeOf, receiptsOf, TOPIC, write } from '../server/support/store-write.ts';
import { withPostgres } from '../support/postgres/with-postgres.ts';

withPostgres('nodes over one PostgreSQL', {}, (world) => {
  const nodes = async (count: number, max = 10): Promise<Store[]> => {
    const schema = world().newSchema();
    const stores = Array.from({ length: count }, () => postgresStore(world().pool({ schema, max })));
    await Promise.all(stores.map((store) => store.open()));
    return stores;
  };
  const other = '/other' as Topic;

  it('[PG2] give offsets without a hole, which no reader sees out of order', async () => {
    const stores = await nodes(3);
    const commits = stores.flatMap((store, node) =>
      Array.from({ length: 40 }, (_, n) =>
        store.commit(
          [
            write(`${node}-${n}:1`, 'update', `r${n % 7}`, { node, n }, { base: null }),
            write(`${node}-${n}:2`, 'create', `${node}-${n}`, {}, { topic: n % 2 ? other : TOPIC }),
          ],
          n,
        ),
      ),
    );
    let isOver = false;
    const image = new Map<RecordId, Attributes | null>();
    const watching = (async () => {
      const first = (await stores[0]?.head('/nothing' as Topic)) as Cursor;
      let cursor = first;
      for (let n = 0; !isOver || n % 3 !== 0; n++) {
        const missed = await stores[n % 3]?.log(TOPIC, cursor);
        if (!missed) throw new Error(`The cursor does not hold: ${JSON.stringify(cursor)}`);
        for (const entry of missed.entries)
          image.set(entry[0], afterEntry(image.get(entry[0]) ?? null, entry));
        const newest = missed.entries.at(-1)?.[1] ?? cursor.offset;
        expect(newest).toBe(missed.cursor.offset);
        cursor = missed.cursor;
      }
    })();
    const outcomes = (await Promise.all(commits)).flat();
    isOver = true;
    await watching;
    const { rows } = await (stores[0] as Store).page(TOPIC, null, { rows: 999, bytes: 99_999 });
    expect(image).toEqual(new Map(rows.map(([record, , attrs]) => [record, attrs])));
    const offsets = (topic: Topic) =>
      outcomes
        .map(changeOf)
        .filter((change) => change.topic === topic)
        .map(({ cursor }) => cursor.offset);
    for (const [topic, count] of [
      [TOPIC, 180],
      [other, 60],
    ] as const) {
      expect(offsets(topic).sort((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, n) => n + 1));
      for (const store of stores) expect((await store.head(topic)).offset).toBe(count);
    }
  });

  it('[PG2] do the same write once, whichever of them it is sent to, and withdraw it or apply it', async () => {
    const stores = await nodes(3);
    const both = async (n: number) => {
      const id = `a:${n}` as MutationId;
      const [first, ...rest] = stores.map((store) =>
        store.commit([write(id, 'create', n, { n })], 1).then(([outcome]) => receiptsOf(outcome)[0]?.type),
      );
      const refusal = { type: 'withdrawn', ids: [id], code: 'withdrawn', message: '' } as const;
      const withdrawn = stores[n % 3]?.refuse([{ user: ANN, receipt: refusal }], 1);
      const types = await Promise.all([first, ...rest]);
      return [...types, (await withdrawn)?.[0]?.[0]?.type];
    };
    const answers = await Promise.all(Array.from({ length: 30 }, (_, n) => both(n)));
    const rows = (await stores[0]?.page(TOPIC, null, { rows: 99, bytes: 9_999 }))?.rows ?? [];
    for (const [n, types] of answers.entries()) {
      const isThere = rows.some(([record]) => record === n);
      const said = [...types].sort();
      expect(said).toEqual(
        isThere ? ['applied', 'duplicate', 'duplicate', 'duplicate'] : Array(4).fill('withdrawn'),
      );
    }
    expect((await stores[1]?.head(TOPIC))?.offset).toBe(rows.length);
  });

  it('[PG2] never give one id twice', async () => {
    const stores = await nodes(3);
    const ask = (node: number, n: number) =>
      write(
        `${node}-${n}:1`,
        'create',
        `~00000000-0000-7000-8000-${String(n).padStart(12, '0')}`,
        {},
        { asked: true },
      );
    const outcomes = await Promise.all(
      stores.flatMap((store, node) => Array.from({ length: 20 }, (_, n) => store.commit([ask(node, n)], 1))),
    );
    const ids = outcomes.map(([outcome]) => changeOf(outcome).entry[0]);
    expect(ids.sort((a, b) => Number(a) - Number(b))).toEqual(Array.from({ length: 60 }, (_, n) => n + 1));
  });

  it('[PG2] judge on what is there when the topic is theirs, and go on with one connection each', async () => {
    const stores = await nodes(2, 1);
    await stores[0]?.commit([write('a:1', 'create', 'x', { n: 0 })], 1);
    const outcomes = await Promise.all(
      stores.map((store, node) =>
        store.commit([write(`b${node}:1`, 'update', 'x', { n: 1 }, { judgedOn: 1, base: 1 })], 1),
      ),
    );
    expect(outcomes.map(([outcome]) => outcome?.type).sort()).toEqual(['moved', 'receipts']);
  });
});
