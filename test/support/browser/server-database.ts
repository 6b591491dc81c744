/** What stands in the server's SQLite file, read past the server. */
import { DatabaseSync } from 'node:sqlite';

function rowsOf(file: string, sql: string): Record<string, unknown>[] {
  const db = new DatabaseSync(file, { readOnly: true, timeout: 5_000 });
  try {
    return db.prepare(sql).all();
  } finally {
    db.close();
  }
}

/** The records of `/cards`, as the test page's `snapshot` writes them. */
export function savedCards(file: string): string {
  const rows = rowsOf(
    file,
    `SELECT record, attrs FROM records JOIN heads ON heads.id = records.topic WHERE heads.topic = '/cards'`,
  );
  const cards = rows.map(({ record, attrs }) => ({ id: record, ...JSON.parse(String(attrs)) }));
  const ordered = cards
    .sort((a, b) => (String(a.id) < String(b.id) ? -1 : 1))
    .map((card) => Object.fromEntries(Object.entries(card).sort(([a], [b]) => (a < b ? -1 : 1))));
  return JSON.stringify(ordered);
}

export interface Applied {
  readonly id: string;
  readonly record: string;
}

/** The mutations that have an effect and the record that they changed, in the order in which they were applied. */
export function appliedMutations(file: string): Applied[] {
  return rowsOf(
    file,
    'SELECT id, record FROM receipts JOIN log ON log.offset = receipts.offset ORDER BY receipts.number',
  ).map(({ id, record }) => ({ id: String(id), record: String(record) }));
}

/** Lines of the log that no mutation accounts for: effects without a cause, or of the second time. */
export function unexplainedEffects(file: string): unknown[] {
  return rowsOf(file, 'SELECT topic, offset FROM log WHERE offset NOT IN (SELECT offset FROM receipts)');
}
