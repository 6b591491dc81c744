import { existsSync, renameSync, rmSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { MedullaError } from '../../protocol/errors.ts';
import { sqlite } from './sqlite-database.ts';

/**
 * Copies a database while its own process uses it, a few pages at a time, as it is now. Where it goes wrong, there is no
 * file under the name. Rejects with a MedullaError 'storage'.
 */
export const backupOf = (db: DatabaseSync, to: string): Promise<void> =>
  whole(to, async (part) => {
    const { DatabaseSync, backup } = sqlite();
    const file = db.location();
    // A connection of its own, which reads what is there now. Over one that is written to meanwhile Node's backup fails now and then, with 'not an error'.
    const moment = file === null ? db : new DatabaseSync(file, { readOnly: true, timeout: 5_000 });
    try {
      if (moment !== db) moment.exec('BEGIN; SELECT * FROM meta');
      await backup(moment, part);
    } finally {
      if (moment !== db) moment.close();
    }
  });

/** The same from another process, as of one moment, and without the room that is not used. */
export const backupFile = (file: string, to: string): Promise<void> =>
  whole(to, (part) => {
    if (!existsSync(file)) throw new Error(`there is no ${file}`);
    const db = new (sqlite('a backup', '').DatabaseSync)(file, { readOnly: true, timeout: 5_000 });
    try {
      db.prepare('VACUUM INTO ?').run(part);
    } finally {
      db.close();
    }
  });

async function whole(to: string, copy: (part: string) => void | Promise<void>): Promise<void> {
  const part = `${to}.part`;
  try {
    if (existsSync(to)) throw new Error('there is a file of this name: it may be the only copy');
    rmSync(part, { force: true });
    await copy(part);
    renameSync(part, to);
  } catch (cause) {
    rmSync(part, { force: true });
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new MedullaError('storage', `Cannot back up to ${to}: ${why.replace(/\.$/, '')}.`, { cause });
  }
}
