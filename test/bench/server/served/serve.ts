import { temporaryFile } from '../../temporary-file.ts';
import type { ServerContestant } from '../contestants.ts';
import type { BareServed, LoadServed } from './load-served.ts';

/** What is not measured is not imported: it would be in the process's memory. */
export async function served(name: ServerContestant): Promise<LoadServed> {
  if (name === 'plain') return (await import('./plain.ts')).plainServer();
  const { medullaServer } = await import('./medulla.ts');
  const { memoryStore, sqliteStore } = await import('../../../../src/server.ts');
  if (name === 'medulla') return medullaServer(memoryStore());
  if (name === 'sqlite') return medullaServer(sqliteStore(temporaryFile('cards.db')));
  throw new Error(`There is no server ${name}`);
}

export async function bare(name: ServerContestant): Promise<BareServed> {
  if (name === 'bare-sqlite') return (await import('./bare-sqlite.ts')).bareSqlite(temporaryFile('bare.db'));
  throw new Error(`There is no bare store ${name}`);
}
