import { MedullaError } from '../../../protocol/errors.ts';
import type { Epoch } from '../../../protocol/ids.ts';
import type { Ask } from './connections.ts';
import { MIGRATIONS, migrationLock, migrationSteps } from './migrations.ts';

/**
 * Brings the schema up to date, unless it is, or is not to be touched: then it only looks, and needs no right to
 * create anything. Throws a MedullaError 'storage'.
 */
export async function migrate(ask: Ask, mayChange: boolean): Promise<Epoch> {
  const newest = MIGRATIONS.length;
  const before = await versionOf(ask);
  if (before < newest && mayChange) await bringUp(ask);
  const version = await versionOf(ask);
  if (version < newest)
    throw refused(
      `is ${version}, and ${newest} is needed: run what \`npx backbone-medulla sql ${version}\` prints`,
    );
  if (version > newest)
    throw refused(
      `is ${version}, and this version of backbone-medulla knows ${newest}: use the version that made it`,
    );
  const [row] = await ask<[string]>("SELECT value FROM medulla_meta WHERE name = 'epoch'");
  return String(row?.[0]) as Epoch;
}

/** Many nodes may start at once: the first does it, and the others find it done. */
async function bringUp(ask: Ask): Promise<void> {
  await ask('BEGIN');
  try {
    await ask(migrationLock);
    for (const step of migrationSteps(await versionOf(ask))) await ask(step);
    await ask('COMMIT');
  } catch (error) {
    await ask('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

/** Asked of the catalog as of now: to_regclass remembers, until its transaction ends, that there was none. */
const THERE = `
  SELECT EXISTS (SELECT FROM pg_catalog.pg_class WHERE relname = 'medulla_meta' AND pg_catalog.pg_table_is_visible(oid))`;

/** 0 = there is none. */
async function versionOf(ask: Ask): Promise<number> {
  const [there] = await ask<[boolean]>(THERE);
  if (!there?.[0]) return 0;
  const [row] = await ask<[string]>("SELECT value FROM medulla_meta WHERE name = 'schema'");
  return Number(row?.[0] ?? 0);
}

const refused = (why: string) =>
  new MedullaError('storage', `postgresStore cannot open the database: its schema ${why}.`);
