import { COMPACTED_BYTES, COMPACTED_LINES, compacted } from '../commit/compacted.ts';
import { entryOf, entryTexts, type LogRow } from '../commit/log-row.ts';
import type { Statements } from './sqlite-statements.ts';

/**
 * Compacts long logs, a piece in each transaction, from where `done` says that it was left. Nothing is kept of how far
 * it came: after a start it is done once more, to which a log that is compact gives little to do.
 */
export async function compactSqlite(
  sql: Statements,
  done: Map<number, number>,
  inTurn: <T>(slice: () => T) => Promise<T>,
): Promise<void> {
  for (const [id, head, floor] of sql.longLogs.all(0, COMPACTED_LINES)) {
    let from = Math.max(done.get(id) ?? 0, floor);
    while (head - from >= COMPACTED_LINES) {
      const start = from;
      from = await inTurn(() => compactPiece(sql, id, start));
      done.set(id, from);
    }
  }
}

/** Returns the offset of its last line. */
function compactPiece(sql: Statements, id: number, from: number): number {
  const lines: LogRow[] = [];
  let bytes = 0;
  for (const line of sql.log.each(id, from)) {
    lines.push(line);
    bytes += line[2]?.length ?? 0;
    if (lines.length >= COMPACTED_LINES || bytes >= COMPACTED_BYTES) break;
  }
  for (const entry of compacted(lines.map(entryOf))) sql.setLog.run(...entryTexts(entry), id, entry[1]);
  // It was trimmed meanwhile: what is next comes with the next trim.
  return lines.at(-1)?.[0] ?? Number.POSITIVE_INFINITY;
}
