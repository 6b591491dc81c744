import { PROTOCOL } from '../../../protocol/version.ts';
import { phaseOf } from '../../outbox/entry.ts';
import { type DatabaseOwner, ownerOf } from '../database-name.ts';
import type { StoredPack } from '../outbox-packs.ts';
import { resultOf } from '../read-rows.ts';
import { type Meta, SCHEMA, type StoreName } from '../schema.ts';

/** What a hub has left in a database that is to be sent. */
export interface LeftBehind extends DatabaseOwner {
  /** The hub that had it last. */
  readonly boot: string;
  /** What the application had kept to be known by. */
  readonly token: string | null;
}

/** The databases of this origin with writes that are to be sent. They are only looked at: no hub is disturbed. */
export async function leftBehind(): Promise<LeftBehind[]> {
  const names = await indexedDB.databases();
  const found = await Promise.all(names.map(({ name, version }) => lookInto(name, version)));
  return found.filter((left) => left !== null);
}

/** Null = there is nothing to be sent, or it is not for this build to send: the database is a newer one's. */
async function lookInto(name = '', version = 0): Promise<LeftBehind | null> {
  const owner = ownerOf(name);
  if (!owner || version > SCHEMA) return null;
  const database = await resultOf(indexedDB.open(name));
  // Somebody upgrades or deletes it: never stand in the way.
  database.onversionchange = () => database.close();
  try {
    const stores: StoreName[] = ['meta', 'outbox'];
    if (!stores.every((store) => database.objectStoreNames.contains(store))) return null;
    const transaction = database.transaction(stores);
    const [meta, packs] = await Promise.all([
      resultOf<Meta | undefined>(transaction.objectStore('meta').get(0)),
      resultOf<StoredPack[]>(transaction.objectStore('outbox').getAll()),
    ]);
    if (!meta || meta.protocol > PROTOCOL || meta.seal?.signedOut) return null;
    return packs.some(isLeft) ? { ...owner, boot: meta.boot, token: meta.token ?? null } : null;
  } finally {
    database.close();
  }
}

/** Whether the server has to be told anything of it: not what has its receipt, whether it waits for its user or for its change. */
const isLeft = ({ rows }: Partial<StoredPack>): boolean =>
  rows?.some((row) => /queued|withdrawing/.test(phaseOf(row, null).type)) ?? false;
