import type { Topic } from '../../protocol/ids.ts';
import type { TrimBounds } from '../store.ts';
import type { SqliteReceipts } from './sqlite-receipts.ts';
import type { Statements } from './sqlite-statements.ts';

/** Topics that are looked at, and rows that are, in one transaction: what others write goes in between. */
const TOPICS = 200;
const ROWS = 2_000;

/**
 * Forgets what is too old or too much, slice by slice: `inTurn` does one in a transaction, and what waits meanwhile
 * comes before the next.
 */
export async function trimSqlite(
  sql: Statements,
  receipts: SqliteReceipts,
  { log, receiptsBefore }: TrimBounds,
  inTurn: <T>(slice: () => T) => Promise<T>,
): Promise<void> {
  for (let after: number | null = 0; after !== null; ) {
    const from: number = after;
    after = await inTurn(() => trimLogs(sql, log, from));
  }
  while (!(await inTurn(() => receipts.trim(receiptsBefore, ROWS))));
}

/** Goes on after this topic; returns after which to go on next, null = that was the last. */
function trimLogs(sql: Statements, log: TrimBounds['log'], after: number): number | null {
  const logs = sql.logsAfter.all(after, TOPICS);
  let rows = 0;
  let last = after;
  for (const [id, topic, head, floor] of logs) {
    if (rows >= ROWS) return last;
    const { changes, before } = log(topic as Topic);
    const to = Math.min(head, floor + ROWS - rows);
    const young = sql.youngLog.get(id, to, before)?.[0];
    const old = young === undefined ? to : young - 1;
    const goes = Math.min(to, Math.max(old, head - changes));
    if (goes > floor) trimLog(sql, id, goes);
    rows += Math.max(0, goes - floor);
    if (goes === to && to < head) return last;
    last = id;
  }
  return logs.length < TOPICS ? null : last;
}

/** The mark of the last entry that goes stays: a cursor there still holds. */
function trimLog(sql: Statements, id: number, last: number): void {
  sql.setFloor.run(last, sql.mark.get(id, last)?.[0] ?? '', id);
  sql.trimLog.run(id, last);
}
