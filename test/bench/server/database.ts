import { Client } from 'pg';
import { type Postgres, startPostgres } from '../../support/postgres/start-postgres.ts';
import type { Place } from './served/serve.ts';

/** A PostgreSQL that keeps what it has confirmed, started when somebody first wants a place in it. */
export class Database {
  #postgres: Promise<Postgres> | null = null;
  #places = 0;

  async place(): Promise<Place> {
    this.#postgres ??= startPostgres({ fsync: 'on' });
    const { url } = await this.#postgres;
    const schema = `place${++this.#places}`;
    const client = new Client({ connectionString: url });
    await client.connect();
    await client.query(`CREATE SCHEMA ${schema}`);
    await client.end();
    return { url, schema };
  }

  async end(): Promise<void> {
    await (await this.#postgres)?.end();
  }
}
