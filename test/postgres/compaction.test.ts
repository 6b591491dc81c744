import { expect, it } from 'vitest';
import type { Mark } from '../../src/protocol/ids.ts';
import { postgresStore } from '../../src/server/stores/postgres/postgres-store.ts';
import { TOPIC, write } from '../server/support/store-write.ts';
import { withPostgres } from '../support/postgres/with-postgres.ts';

withPostgres('logs in PostgreSQL', {}, (world) => {
  it('[PG11] are compacted by several nodes at once, from where each has left it, and lose nothing', async () => {
    const schema = world().newSchema();
    const pool = world().pool({ schema });
    const stores = [1, 2, 3].map(() => postgresStore(world().pool({ schema })));
    const [first] = stores;
    for (const store of stores) await store.open();
    const bounds = { log: () => ({ changes: 100_000, before: 0 }), receiptsBefore: 0 };
    for (let round = 0; round < 6; round++) {
      const some = Array.from({ length: 700 }, (_, n) =>
        write([], 'update', n % 5, { [`r${round}n${n % 11}`]: n }, { base: null }),
      );
      await stores[round % 3]?.commit(some, 1);
      await stores[round % 3]?.trim(bounds);
      await Promise.all(stores.map((store) => store.trim(bounds)));
    }
    const { epoch } = (await first?.open()) ?? {};
    const missed = await first?.log(TOPIC, { epoch, offset: 0, mark: '' as Mark } as never);
    const page = await first?.page(TOPIC, null, { rows: 9, bytes: 999_999 });
    const told = new Map(missed?.entries.map(([record, , set]) => [record, set]));
    expect(told).toEqual(new Map(page?.rows.map(([record, , attrs]) => [record, attrs])));
    const { rows } = await pool.query(
      "SELECT count(*)::int AS n, count(*) FILTER (WHERE attrs <> '{}')::int AS kept FROM medulla_log",
    );
    expect(rows[0].n).toBe(4_200);
    expect(rows[0].kept).toBeLessThan(1_100);
    for (const store of stores) await store.close();
  });
});
