import { Pool, type PoolClient } from 'pg';
import { expect, it } from 'vitest';
import type { Mark, MutationId } from '../../src/protocol/ids.ts';
import type { PostgresPool } from '../../src/server/stores/postgres/postgres-pool.ts';
import { postgresStore } from '../../src/server/stores/postgres/postgres-store.ts';
import { seededRandom } from '../../src/testing/seeded-random.ts';
import { sent } from '../server/support/fake-peer.ts';
import { ANN, commit, receiptsOf, TOPIC, write } from '../server/support/store-write.ts';
import { publicCore } from '../server/support/test-core.ts';
import { withPostgres } from '../support/postgres/with-postgres.ts';

type Instead = (commit: () => Promise<unknown>, client: PoolClient) => Promise<unknown>;

/** The pool; `next` says what happens in the place of the next COMMIT, to whose author the connection breaks. */
function breakable(pool: Pool): PostgresPool & { next: Instead | undefined } {
  return {
    next: undefined,
    on: (event, fn) => pool.on(event, fn),
    removeListener: (event, fn) => pool.removeListener(event, fn),
    async connect() {
      const client = await pool.connect();
      return {
        on: (event, fn) => client.on(event, fn),
        removeListener: (event, fn) => client.removeListener(event, fn),
        release: (destroy) => client.release(destroy),
        query: async (statement) => {
          const run = () => client.query(statement);
          const instead = statement.text === 'COMMIT' ? this.next : undefined;
          if (!instead) return run();
          this.next = undefined;
          await instead(run, client);
          throw new Error('Connection terminated unexpectedly');
        },
      };
    },
  };
}

withPostgres('a PostgreSQL that goes', {}, (world) => {
  const publication = () => write([], 'update', 'x', { n: 1 }, { base: null });

  it('[PG5] finds out that it was committed where the word on that was lost', async () => {
    const pool = breakable(world().pool());
    const store = postgresStore(pool);
    await store.open();
    pool.next = (run) => run();
    const [first, second] = await store.commit([write('a:1', 'create', 'x'), publication()], 1);
    expect(receiptsOf(first)).toEqual([{ type: 'applied', ids: ['a:1'], offset: 1 }]);
    expect(second).toMatchObject({ changed: { from: 1, entry: ['x', 2, { n: 1 }] } });
    expect(await store.head(TOPIC)).toEqual(second?.type === 'receipts' && second.changed?.cursor);
    await store.close();
  });

  it('[PG5] does it again where it was not', async () => {
    const pool = world().pool();
    const broken = breakable(pool);
    const store = postgresStore(broken);
    await store.open();
    broken.next = async (_, client) => {
      const { rows } = await client.query('SELECT pg_backend_pid() AS pid');
      await pool.query('SELECT pg_terminate_backend($1)', [rows[0].pid]);
    };
    expect(await commit(store, write('a:1', 'create', 'x'), publication())).toEqual(['applied', 'applied']);
    expect((await store.head(TOPIC)).offset).toBe(2);
    await store.close();
  });

  it('[PG4] has writes tried again while it is away, and each is done once when it is back', async () => {
    // Nobody but the store hears that its idle connections die.
    const pool = new Pool({ connectionString: world().url });
    const store = postgresStore(pool);
    const { core, peer, logged } = await publicCore({ store });
    expect(await peer.types(sent('a:1'))).toEqual(['applied']);
    await world().kill();
    expect(await peer.types(sent('a:1'), sent('a:2', { method: 'update', set: { n: 2 } }))).toEqual([
      'retry',
      'retry',
    ]);
    expect(logged).toContainEqual({ level: 'error', event: 'push-failed' });
    await world().restart();
    expect(await peer.types(sent('a:1'), sent('a:2', { method: 'update', set: { n: 2 } }))).toEqual([
      'duplicate',
      'applied',
    ]);
    await core.close();
    await pool.end();
  });

  it('[PG4] is waited for where it is being started itself', async () => {
    const pool = world().pool();
    await world().kill();
    const store = postgresStore(pool);
    const opened = store.open();
    await world().restart();
    expect(await opened).toEqual({ epoch: expect.any(String) });
    expect(await commit(store, write('a:1', 'create', 'x'))).toEqual(['applied']);
    await store.close();
    await expect(store.commit([], 1)).rejects.toThrow('the store is open');
  });

  it('[PG5] loses and doubles nothing where it is killed again and again under many writers', async () => {
    const schema = world().newSchema();
    const stores = [1, 2].map((seed) =>
      postgresStore(world().pool({ schema }), { random: seededRandom(seed) }),
    );
    await Promise.all(stores.map((store) => store.open()));
    const told = new Map<MutationId, number>();
    const attempt = (n: number) =>
      stores[n % 2]?.commit([write(`a:${n}`, 'create', n, { n }, { number: n })], 1);
    let open = Array.from({ length: 300 }, (_, n) => n);
    for (let round = 0; open.length > 0; round++) {
      const tries = open.slice(0, 100).map((n) => attempt(n));
      if (round < 3) {
        await Promise.race(tries);
        await world().restart();
      }
      const results = await Promise.allSettled(tries);
      const failed: number[] = [];
      for (const [at, result] of results.entries()) {
        const n = open[at] ?? 0;
        const receipt = result.status === 'fulfilled' ? receiptsOf(result.value?.[0])[0] : undefined;
        if (!receipt || !('offset' in receipt)) failed.push(n);
        else told.set(`a:${n}` as MutationId, receipt.offset);
      }
      open = [...failed, ...open.slice(100)];
    }
    const [store] = stores;
    const head = await store?.head(TOPIC);
    expect(head?.offset).toBe(300);
    const missed = await store?.log(TOPIC, { ...head, offset: 0, mark: '' as Mark } as never);
    expect(missed?.entries.map(([, offset]) => offset)).toEqual(Array.from({ length: 300 }, (_, n) => n + 1));
    for (const [record, offset] of missed?.entries ?? [])
      expect(told.get(`a:${record}` as MutationId)).toBe(offset);
    const known = await store?.receipts(
      ANN,
      [...told.keys()].map((id) => ({ id, number: 0 })),
    );
    expect(known?.size).toBe(300);
    await Promise.all(stores.map((one) => one.close()));
  });
});
