/** What stands in the server's SQLite file, read past the server. */
import { DatabaseSync } from 'node:sqlite';

export interface StoredReceipt {
  readonly id: string;
  /** In the order of their being given. */
  readonly number: number;
  /** Where its effect shows; null: there is none. */
  readonly offset: number | null;
  readonly type: string;
  readonly user: string;
}

export interface LogEntry {
  readonly record: string;
  readonly topic: string;
  readonly offset: number;
  /** What it set, null = deleted. */
  readonly set: Readonly<Record<string, unknown>> | null;
  /** Whether the record is exactly that. */
  readonly whole: boolean;
}

export interface Database {
  readonly receipts: ReadonlyMap<string, StoredReceipt>;
  readonly doubled: readonly string[];
  readonly log: readonly LogEntry[];
  /** The records' attributes with their id, as models have them. */
  readonly records: ReadonlyMap<string, Readonly<Record<string, unknown>>>;
}

function rowsOf(file: string, sql: string): Record<string, unknown>[] {
  const db = new DatabaseSync(file, { readOnly: true, timeout: 5_000 });
  try {
    return db.prepare(sql).all();
  } finally {
    db.close();
  }
}

export function readDatabase(file: string): Database {
  const receipts = new Map<string, StoredReceipt>();
  const doubled: string[] = [];
  for (const row of rowsOf(file, 'SELECT number, user, id, offset, body FROM receipts ORDER BY number')) {
    const id = String(row.id);
    const offset = row.offset === null ? null : Number(row.offset);
    const { type } = row.body === null ? { type: 'applied' } : JSON.parse(String(row.body));
    if (receipts.has(id)) doubled.push(id);
    receipts.set(id, { id, number: Number(row.number), offset, type, user: String(row.user) });
  }
  const log = rowsOf(
    file,
    'SELECT heads.topic AS topic, log.offset AS offset, record, attrs, unset FROM log JOIN heads ON heads.id = log.topic ORDER BY log.topic, log.offset',
  ).map(({ topic, offset, record, attrs, unset }) => ({
    topic: String(topic),
    record: `${topic}/${record}`,
    offset: Number(offset),
    set: attrs === null ? null : JSON.parse(String(attrs)),
    whole: unset === '*',
  }));
  return { receipts, doubled, log, records: readRecords(file) };
}

export function readRecords(file: string): Map<string, Record<string, unknown>> {
  const rows = rowsOf(
    file,
    'SELECT heads.topic AS topic, record, attrs FROM records JOIN heads ON heads.id = records.topic',
  );
  return new Map(
    rows.map(({ topic, record, attrs }) => [
      `${topic}/${record}`,
      { ...JSON.parse(String(attrs)), id: record },
    ]),
  );
}

/** Whether a write of this mark has had an effect. */
export function hasEffect(file: string, mark: string): boolean {
  return rowsOf(file, `SELECT 1 FROM log WHERE attrs LIKE '%"${mark}":%' LIMIT 1`).length > 0;
}
