import { expect, it } from 'vitest';
import type { MutationId, Topic } from '../../src/protocol/ids.ts';
import { postgresStore } from '../../src/server/stores/postgres/postgres-store.ts';
import { settle, VirtualClock } from '../../src/testing/virtual-clock.ts';
import { sent } from '../server/support/fake-peer.ts';
import { commit, TOPIC, write } from '../server/support/store-write.ts';
import { publicCore } from '../server/support/test-core.ts';
import { withPostgres } from '../support/postgres/with-postgres.ts';

const everything = { rows: 99, bytes: 99_999 };

withPostgres('faults inside PostgreSQL', {}, (world) => {
  async function opened(options: { readonly max?: number } = {}) {
    const pool = world().pool(options);
    const store = postgresStore(pool);
    await store.open();
    return { pool, store };
  }

  it('[PG3] does again what a deadlock has ended, and nobody hears of it', async () => {
    const schema = world().newSchema();
    const store = postgresStore(world().pool({ schema }));
    await store.open();
    const [a, z] = ['/a' as Topic, '/z' as Topic];
    await commit(
      store,
      write('a:1', 'create', 'x', {}, { topic: a }),
      write('a:2', 'create', 'x', {}, { topic: z }),
    );
    const other = await world().pool({ schema }).connect();
    const lock = (topic: Topic) =>
      other.query('SELECT id FROM medulla_heads WHERE topic = $1 FOR UPDATE', [topic]);
    // It never looks for deadlocks itself: the store is the one that is ended.
    await other.query("SET deadlock_timeout = '1h'");
    await other.query('BEGIN');
    await lock(z);
    const outcome = commit(
      store,
      write('b:1', 'update', 'x', { n: 1 }, { topic: a }),
      write('b:2', 'update', 'x', { n: 1 }, { topic: z }),
    );
    const waits = "SELECT 1 FROM pg_locks WHERE NOT granted AND locktype = 'transactionid'";
    await expect.poll(async () => (await other.query(waits)).rowCount).toBe(1);
    await lock(a);
    await other.query('COMMIT');
    other.release();
    expect(await outcome).toEqual(['applied', 'applied']);
    expect(world().log.join('\n')).toContain('deadlock detected');
    expect((await store.head(a)).offset).toBe(2);
    await store.close();
  });

  it('[PG3] does again what could not be serialized, at the end of the transaction too', async () => {
    const { pool, store } = await opened();
    await pool.query(`
      CREATE SEQUENCE tries;
      CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF nextval('tries') < 3 THEN RAISE 'could not serialize' USING ERRCODE = '40001'; END IF;
        RETURN NEW; END $$;
      CREATE TRIGGER fail BEFORE INSERT ON medulla_log FOR EACH ROW EXECUTE FUNCTION fail();`);
    expect(await commit(store, write('a:1', 'create', 'x'))).toEqual(['applied']);
    await pool.query(`
      DROP TRIGGER fail ON medulla_log;
      SELECT setval('tries', 1);
      CREATE CONSTRAINT TRIGGER fail AFTER INSERT ON medulla_log DEFERRABLE INITIALLY DEFERRED
        FOR EACH ROW EXECUTE FUNCTION fail();`);
    expect(await commit(store, write('a:2', 'update', 'x', { n: 1 }))).toEqual(['applied']);
    expect((await store.head(TOPIC)).offset).toBe(2);
    await store.close();
  });

  it('[PG6] lets a write, or a batch, that PostgreSQL cannot carry out fail alone', async () => {
    const { pool, store } = await opened();
    await pool.query(`
      CREATE FUNCTION poison() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'poison'; END $$;
      CREATE TRIGGER poison BEFORE INSERT ON medulla_records FOR EACH ROW WHEN (NEW.key LIKE 'poison%') EXECUTE FUNCTION poison();`);
    const batch = 'a:5' as MutationId;
    const beside = commit(store, write('b:1', 'create', 'z', {}));
    const outcomes = commit(
      store,
      write('a:1', 'create', 'x'),
      write('a:2', 'create', 'poison'),
      write('a:3', 'update', 'poison', { n: 1 }),
      write('a:4', 'create', 'y'),
      write('a:5', 'create', 'v', {}, { batch }),
      write('a:6', 'create', 'poison two', {}, { batch }),
      write('a:7', 'update', 'v', {}),
    );
    expect(await outcomes).toEqual(['applied', 'failed', 'moved', 'applied', 'failed', 'failed', 'moved']);
    expect(await beside).toEqual(['applied']);
    const { rows } = await store.page(TOPIC, null, everything);
    expect(rows.map(([record, version]) => [record, version])).toEqual([
      ['x', 2],
      ['y', 3],
      ['z', 1],
    ]);
    expect((await store.head(TOPIC)).offset).toBe(3);
    await store.close();
  });

  it('[PG4] waits for a free connection for five seconds, and then says that it is to be tried again', async () => {
    const pool = world().pool({ max: 1 });
    const clock = new VirtualClock();
    const store = postgresStore(pool, { clock });
    const { core, peer } = await publicCore({ store });
    const taken = await pool.connect();
    const late = store.commit([write('a:1', 'create', 'x')], 1);
    const read = store.head(TOPIC);
    const refused = expect(late).rejects.toMatchObject({ code: 'retry' });
    const unread = expect(read).rejects.toMatchObject({ code: 'retry' });
    await settle();
    clock.advance(5_000);
    await Promise.all([refused, unread]);
    const pushed = peer.types(sent('a:1'));
    await clock.advance(10_000);
    expect(await pushed).toEqual(['retry']);
    taken.release();
    expect((await store.head(TOPIC)).offset).toBe(0);
    expect(await peer.types(sent('a:1'))).toEqual(['applied']);
    await core.close();
  });

  it('[PG4] waits for a topic that somebody holds for three seconds, and does nothing', async () => {
    const { pool, store } = await opened();
    await commit(store, write('a:1', 'create', 'x'));
    const other = await pool.connect();
    await other.query('BEGIN');
    await other.query('SELECT id FROM medulla_heads FOR UPDATE');
    await expect(store.commit([write('a:2', 'update', 'x', { n: 2 })], 1)).rejects.toMatchObject({
      code: '55P03',
    });
    await other.query('ROLLBACK');
    other.release();
    expect(await commit(store, write('a:2', 'update', 'x', { n: 2 }))).toEqual(['applied']);
    await store.close();
  });
});
