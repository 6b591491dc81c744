import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import type { Random } from '../../base/random.ts';
import { MedullaError } from '../../protocol/errors.ts';
import type { Epoch } from '../../protocol/ids.ts';

/** The number of the schema below, kept in the file. */
const SCHEMA = 3;

/**
 * `heads`: one row a topic; the log holds a line for each offset above `floor`, and `floor_mark` is the mark of the
 * last one that was trimmed, `last_id` the greatest integer that was ever an id in it. `record` has no type, so that an id comes out as it went in. `receipts.body` is null
 * where the receipt says no more than its offset, `log.was` what the record was before, where filters need that.
 */
const TABLES = `
  CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE heads (
    id INTEGER PRIMARY KEY, topic TEXT NOT NULL UNIQUE, offset INTEGER NOT NULL, mark TEXT NOT NULL,
    floor INTEGER NOT NULL DEFAULT 0, floor_mark TEXT NOT NULL DEFAULT '', last_id INTEGER NOT NULL DEFAULT 0);
  CREATE TABLE records (
    topic INTEGER NOT NULL, key TEXT NOT NULL, record, version INTEGER NOT NULL, attrs TEXT NOT NULL,
    PRIMARY KEY (topic, key)) WITHOUT ROWID;
  CREATE TABLE log (
    topic INTEGER NOT NULL, offset INTEGER NOT NULL, mark TEXT NOT NULL, at INTEGER NOT NULL, record,
    attrs TEXT, unset TEXT, was TEXT, PRIMARY KEY (topic, offset)) WITHOUT ROWID;
  CREATE TABLE receipts (
    number INTEGER PRIMARY KEY, user TEXT NOT NULL, id TEXT NOT NULL, at INTEGER NOT NULL, offset INTEGER, body TEXT,
    UNIQUE (user, id));
`;

/** Makes the second schema of the first: what is there and in the log counts for the next id. */
const TO_TWO = `
  ALTER TABLE heads ADD COLUMN last_id INTEGER NOT NULL DEFAULT 0;
  UPDATE heads SET last_id = (
    SELECT COALESCE(MAX(CAST(record AS INTEGER)), 0) FROM (
      SELECT topic, record FROM records UNION ALL SELECT topic, record FROM log) AS ids
    WHERE ids.topic = heads.id AND record NOT GLOB '*[^0-9]*' AND length(record) < 16);
`;

/** Makes the third schema of the second. */
const TO_THREE = 'ALTER TABLE log ADD COLUMN was TEXT;';

export interface SqliteDatabase {
  readonly db: DatabaseSync;
  readonly epoch: Epoch;
}

/** Node's own SQLite. Loaded here alone and no sooner: a Node that has none runs everything but this store. */
export function sqlite(
  who = 'sqliteStore',
  instead = ', or use memoryStore()',
): typeof import('node:sqlite') {
  const found = process.getBuiltinModule?.('node:sqlite');
  if (found) return found;
  throw new MedullaError(
    'bad-option',
    `${who} needs node:sqlite, which Node has from 22.16 on, and this is ${process.version}: run it on Node 24${instead}.`,
  );
}

/**
 * Opens or creates the file. FULL, not NORMAL: in WAL mode NORMAL may lose the last commits with the machine's power,
 * and a client forgets a write once it has the receipt (P1, P2). The price is one flush a transaction, and a
 * transaction is a whole batch. Throws a MedullaError 'storage' that names the file and the cause.
 */
export function openDatabase(file: string, random: Random): SqliteDatabase {
  let db: DatabaseSync | undefined;
  try {
    db = new (sqlite().DatabaseSync)(file, { timeout: 5_000 });
    return { db, epoch: prepare(db, random) };
  } catch (cause) {
    db?.close();
    throw cause instanceof MedullaError ? cause : notOpened(file, cause);
  }
}

function prepare(db: DatabaseSync, random: Random): Epoch {
  // The log that a burst has made longer does not stay so long for ever.
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA journal_size_limit = 67108864;');
  db.exec('BEGIN IMMEDIATE');
  const schema = Number(db.prepare('PRAGMA user_version').get()?.user_version);
  if (schema === 0) create(db, random);
  else if (schema === 1) db.exec(`${TO_TWO} ${TO_THREE} PRAGMA user_version = ${SCHEMA}`);
  else if (schema === 2) db.exec(`${TO_THREE} PRAGMA user_version = ${SCHEMA}`);
  else if (schema !== SCHEMA)
    throw new Error(
      `its schema is ${schema}, and this version of backbone-medulla knows ${SCHEMA}: use the version that wrote it`,
    );
  db.exec('COMMIT');
  return String(db.prepare("SELECT value FROM meta WHERE name = 'epoch'").get()?.value) as Epoch;
}

function notOpened(file: string, cause: unknown): MedullaError {
  const folder = dirname(resolve(file));
  const told = cause instanceof Error ? cause.message : String(cause);
  const why = existsSync(folder) ? told : `there is no folder ${folder}: create it first`;
  return new MedullaError('storage', `sqliteStore cannot open ${file}: ${why}.`, { cause });
}

function create(db: DatabaseSync, random: Random): void {
  db.exec(TABLES);
  db.prepare("INSERT INTO meta VALUES ('epoch', ?)").run(random.id().slice(0, 12));
  db.exec(`PRAGMA user_version = ${SCHEMA}`);
}
