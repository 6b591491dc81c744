import type { Row } from '../../protocol/change.ts';
import type { Owner } from '../disk/standing.ts';
import type { AliasRow, QueryRow, SealRow, TopicRow } from '../storage.ts';
import type { StoredPack } from './outbox-packs.ts';

/** The database's one row about itself. */
export interface Meta extends Owner {
  readonly protocol: number;
  readonly recordVersion?: number;
  readonly seal?: SealRow | null;
  readonly token?: string | null;
}

/** A record as it came over the wire, and then the number of its shape, if it has one. */
export type StoredRecord = readonly [...Row, recordVersion?: number];

/** What the database holds. A record's topic and key are in the store's key, not in each value. */
export interface Schema {
  meta: { key: number; value: Meta };
  outbox: { key: number; value: StoredPack };
  records: { key: [string, string]; value: StoredRecord };
  topics: { key: string; value: TopicRow };
  /** What was found in the outbox and could not be read, as it was. */
  aside: { key: number; value: unknown };
  /** By topic and query. */
  queries: { key: [string, string]; value: QueryRow };
  /** In the order of their temporary ids. */
  aliases: { key: string; value: AliasRow };
}

export type StoreName = keyof Schema;

/**
 * One step for each version: the first makes version 1 out of nothing, each other the next out of the one before. A
 * step that was released is never changed: there are databases that have been through it.
 */
const STEPS: readonly ((db: IDBDatabase) => void)[] = [
  (db) => {
    db.createObjectStore('meta');
    db.createObjectStore('outbox', { keyPath: 'key' });
    db.createObjectStore('records');
    db.createObjectStore('topics', { keyPath: 'topic' });
  },
  (db) => {
    db.createObjectStore('aside', { autoIncrement: true });
  },
  (db) => {
    db.createObjectStore('aliases', { keyPath: 'temporary' });
  },
  (db) => {
    db.createObjectStore('queries', { keyPath: ['topic', 'query'] });
  },
];

/** The version of the schema that this build has. */
export const SCHEMA = STEPS.length;

/** Takes a database of an older version, 0 = an empty one, up to this one's, with what is in it. */
export function upgrade(db: IDBDatabase, from: number): void {
  // Whoever opened it before us without saying what for has made one with nothing in it.
  for (const step of STEPS.slice(db.objectStoreNames.length > 0 ? from : 0)) step(db);
}
