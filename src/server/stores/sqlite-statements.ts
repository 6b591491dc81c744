import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import type { Mark, MutationId, RecordKey } from '../../protocol/ids.ts';
import type { LogRow } from '../commit/log-row.ts';

/** A prepared statement whose rows are tuples. */
class Query<T extends readonly unknown[]> {
  readonly #statement: StatementSync;

  constructor(db: DatabaseSync, sql: string) {
    this.#statement = db.prepare(sql);
    this.#statement.setReturnArrays(true);
  }

  get(...values: SQLInputValue[]): T | undefined {
    return this.#statement.get(...values) as T | undefined;
  }

  all(...values: SQLInputValue[]): T[] {
    return this.#statement.all(...values) as unknown as T[];
  }

  each(...values: SQLInputValue[]): Iterable<T> {
    return this.#statement.iterate(...values) as unknown as Iterable<T>;
  }

  run(...values: SQLInputValue[]): void {
    this.#statement.run(...values);
  }
}

export interface HeadRow {
  readonly id: number;
  offset: number;
  mark: Mark;
  lastId: number;
}

/** Everything that the store says to SQLite, prepared once. */
export function statements(db: DatabaseSync) {
  const query = <T extends readonly unknown[]>(sql: string) => new Query<T>(db, sql);
  return {
    head: query<[id: number, offset: number, mark: Mark, lastId: number]>(
      'SELECT id, offset, mark, last_id FROM heads WHERE topic = ?',
    ),
    logsAfter: query<[id: number, topic: string, offset: number, floor: number]>(
      'SELECT id, topic, offset, floor FROM heads WHERE id > ? AND offset > floor ORDER BY id LIMIT ?',
    ),
    longLogs: query<[id: number, offset: number, floor: number]>(
      'SELECT id, offset, floor FROM heads WHERE offset - floor >= ? ORDER BY id',
    ),
    setLog: query('UPDATE log SET attrs = ?, unset = ? WHERE topic = ? AND offset = ?'),
    floorMark: query<[floor: number, mark: string]>('SELECT floor, floor_mark FROM heads WHERE id = ?'),
    addHead: query<[id: number]>("INSERT INTO heads (topic, offset, mark) VALUES (?, 0, '') RETURNING id"),
    setHead: query('UPDATE heads SET offset = ?, mark = ?, last_id = ? WHERE id = ?'),
    setFloor: query('UPDATE heads SET floor = ?, floor_mark = ? WHERE id = ?'),
    record: query<[record: string | number, version: number, attrs: string]>(
      'SELECT record, version, attrs FROM records WHERE topic = ? AND key = ?',
    ),
    /** Those of a list of keys, as JSON. */
    records: query<[key: RecordKey, record: string | number, version: number, attrs: string]>(
      `SELECT key, record, version, attrs FROM records
       WHERE topic = ? AND key IN (SELECT value FROM json_each(?))`,
    ),
    page: query<[key: string, record: string | number, version: number, attrs: string]>(
      'SELECT key, record, version, attrs FROM records WHERE topic = ? AND key > ? ORDER BY key LIMIT ?',
    ),
    putRecord: query(
      `INSERT INTO records VALUES (?, ?, ?, ?, ?)
       ON CONFLICT (topic, key) DO UPDATE SET version = excluded.version, attrs = excluded.attrs`,
    ),
    deleteRecord: query('DELETE FROM records WHERE topic = ? AND key = ?'),
    addLog: query('INSERT INTO log VALUES (?, ?, ?, ?, ?, ?, ?, ?)'),
    mark: query<[mark: string]>('SELECT mark FROM log WHERE topic = ? AND offset = ?'),
    log: query<LogRow>(
      'SELECT offset, record, attrs, unset, was FROM log WHERE topic = ? AND offset > ? ORDER BY offset LIMIT ?',
    ),
    youngLog: query<[offset: number]>(
      'SELECT offset FROM log WHERE topic = ? AND offset <= ? AND at >= ? ORDER BY offset LIMIT 1',
    ),
    trimLog: query('DELETE FROM log WHERE topic = ? AND offset <= ?'),
    receipt: query<[offset: number | null, body: string | null]>(
      'SELECT offset, body FROM receipts WHERE user = ? AND id = ?',
    ),
    /** Those of a list of ids, as JSON. */
    receiptsOf: query<[id: MutationId, offset: number | null, body: string | null]>(
      'SELECT id, offset, body FROM receipts WHERE user = ? AND id IN (SELECT value FROM json_each(?))',
    ),
    addReceipt: query('INSERT INTO receipts (user, id, at, offset, body) VALUES (?, ?, ?, ?, ?)'),
    oldestReceipt: query<[number: number]>('SELECT number FROM receipts ORDER BY number LIMIT 1'),
    newestReceipt: query<[number: number]>('SELECT number FROM receipts ORDER BY number DESC LIMIT 1'),
    youngReceipt: query<[number: number]>(
      'SELECT number FROM receipts WHERE at >= ? AND number <= ? ORDER BY number LIMIT 1',
    ),
    trimReceipts: query('DELETE FROM receipts WHERE number < ?'),
    size: query<[topics: number, log: number]>('SELECT COUNT(*), TOTAL(offset - floor) FROM heads'),
    bytes: query<[bytes: number]>(
      'SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()',
    ),
    begin: query('BEGIN IMMEDIATE'),
    commit: query('COMMIT'),
    rollback: query('ROLLBACK'),
    savepoint: query('SAVEPOINT one'),
    release: query('RELEASE one'),
    undo: query('ROLLBACK TO one'),
  };
}

export type Statements = ReturnType<typeof statements>;
