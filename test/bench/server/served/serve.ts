import { temporaryFile } from '../../temporary-file.ts';
import type { ServerContestant } from '../contestants.ts';
import type { BareServed, LoadServed } from './load-served.ts';

/** Where a PostgreSQL is, and an empty place in it. */
export interface Place {
  readonly url: string;
  readonly schema: string;
}

/** What is not measured is not imported: it would be in the process's memory. */
export async function served(name: ServerContestant, place: () => Place): Promise<LoadServed> {
  if (name === 'plain') return (await import('./plain.ts')).plainServer();
  const { medullaServer } = await import('./medulla.ts');
  const { memoryStore, sqliteStore, postgresStore } = await import('../../../../src/server.ts');
  if (name === 'medulla') return medullaServer(memoryStore());
  if (name === 'sqlite') return medullaServer(sqliteStore(temporaryFile('cards.db')));
  const { Pool } = await import('pg');
  const { url, schema } = place();
  const pool = new Pool({ connectionString: url, options: `-c search_path=${schema}` });
  return medullaServer(postgresStore(pool), () => pool.end());
}

export async function bare(name: ServerContestant, place: () => Place): Promise<BareServed> {
  if (name === 'bare-memory') return (await import('./bare-memory.ts')).bareMemory();
  if (name === 'bare-sqlite') return (await import('./bare-sqlite.ts')).bareSqlite(temporaryFile('bare.db'));
  const { url, schema } = place();
  return (await import('./bare-postgres.ts')).barePostgres(url, schema);
}
