import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { postgresStore } from '../../src/server/stores/postgres/postgres-store.ts';
import { commit, write } from '../server/support/store-write.ts';
import { withPostgres } from '../support/postgres/with-postgres.ts';

const init = join(import.meta.dirname, '../../src/init.ts');
const sql = (...args: string[]) => spawnSync(process.execPath, [init, 'sql', ...args], { encoding: 'utf8' });

withPostgres('the schema of PostgreSQL', {}, (world) => {
  it('[PG10] is made once, by whichever of many nodes comes first', async () => {
    const schema = world().newSchema();
    const stores = Array.from({ length: 6 }, () => postgresStore(world().pool({ schema })));
    const opened = await Promise.all(stores.map((store) => store.open()));
    expect(new Set(opened.map(({ epoch }) => epoch)).size).toBe(1);
    await Promise.all(stores.map((store) => store.close()));
  });

  it('[PG10] is made by the SQL that the command prints', async () => {
    const pool = world().pool();
    const store = postgresStore(pool, { migrate: false });
    await expect(store.open()).rejects.toMatchObject({
      code: 'storage',
      message: expect.stringContaining('is 0, and 1 is needed: run what `npx backbone-medulla sql 0` prints'),
    });
    const printed = sql();
    expect(printed.status).toBe(0);
    await pool.query(printed.stdout);
    await store.open();
    expect(await commit(store, write('a:1', 'create', 'x'))).toEqual(['applied']);
    await store.close();
    expect(sql('1')).toMatchObject({ status: 1, stderr: expect.stringContaining('the newest is 1') });
  });

  it('[PG10] is opened by who may not create anything', async () => {
    const schema = world().newSchema();
    const owner = world().pool({ schema });
    const first = postgresStore(owner);
    await first.open();
    await first.close();
    await owner.query(`
      CREATE ROLE guest LOGIN;
      GRANT USAGE ON SCHEMA ${schema} TO guest;
      GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA ${schema} TO guest;`);
    const connectionString = world().url.replace('medulla@', 'guest@');
    const store = postgresStore(world().pool({ schema, connectionString }));
    await store.open();
    expect(await commit(store, write('a:1', 'create', 'x'))).toEqual(['applied']);
    await store.trim({ log: () => ({ changes: 0, before: 9 }), receiptsBefore: 9_999 });
    await store.close();
  });

  it('[PG10] is refused where a newer version has made it', async () => {
    const pool = world().pool();
    const store = postgresStore(pool);
    await store.open();
    await store.close();
    await pool.query("UPDATE medulla_meta SET value = '99' WHERE name = 'schema'");
    await expect(store.open()).rejects.toMatchObject({
      code: 'storage',
      message: expect.stringContaining('is 99, and this version of backbone-medulla knows 1'),
    });
  });

  it('[PG10] takes a pool, and says so where it is none', () => {
    const pool = { host: 'localhost' } as never;
    expect(() => postgresStore(pool)).toThrow(
      "postgresStore takes a Pool of the package 'pg': found an object with host",
    );
    expect(() => postgresStore(world().pool(), { migrat: false } as never)).toThrow('did you mean migrate?');
  });
});
