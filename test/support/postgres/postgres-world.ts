import { Pool, type PoolConfig } from 'pg';
import { type Postgres, startPostgres } from './start-postgres.ts';

/** A PostgreSQL, and as many empty places in it as are asked for. */
export interface PostgresWorld extends Postgres {
  /** A pool whose tables are its own, or those that all pools of this `schema` share. */
  pool(options?: PoolConfig & { readonly schema?: string }): Pool;
  /** The name of a place where nothing is yet. */
  newSchema(): string;
}

/** More than any file of tests needs. */
const SCHEMAS = 200;

export async function postgresWorld(settings?: Readonly<Record<string, string>>): Promise<PostgresWorld> {
  const postgres = await startPostgres(settings);
  const pools: Pool[] = [];
  let schemas = 0;
  const newSchema = () => `s${++schemas}`;
  const pool = ({ schema = newSchema(), ...options }: PoolConfig & { readonly schema?: string } = {}) => {
    const made = new Pool({
      connectionString: postgres.url,
      options: `-c search_path=${schema}`,
      idleTimeoutMillis: 1_000,
      ...options,
    });
    // That idle connections die with the database is what tests are about.
    made.on('error', () => undefined);
    pools.push(made);
    return made;
  };
  const first = pool();
  await first.query(
    `DO $$ BEGIN FOR n IN 1..${SCHEMAS} LOOP EXECUTE 'CREATE SCHEMA s' || n; END LOOP; END $$`,
  );
  return {
    ...postgres,
    pool,
    newSchema,
    async end() {
      await Promise.all(pools.map((one) => one.end()));
      await postgres.end();
    },
  };
}
