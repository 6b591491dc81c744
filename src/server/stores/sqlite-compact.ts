import { COMPACTED_BYTES, COMPACTED_LINES, compacted } from '../commit/compacted.ts';
import { entryOf, entryTexts, type LogRow } from '../commit/log-row.ts';
import { compactLogs } from './compact-logs.ts';
import type { Statements } from './sqlite-statements.ts';

/** Compacts long logs; `inTurn` does a piece in a transaction. */
export const compactSqlite = (
  sql: Statements,
  done: Map<number, number>,
  inTurn: <T>(slice: () => T) => Promise<T>,
): Promise<void> =>
  compactLogs(sql.longLogs.all(COMPACTED_LINES), done, (id, from) =>
    inTurn(() => compactPiece(sql, id, from)),
  );

/** Returns the offset of its last line; null = there is none. */
function compactPiece(sql: Statements, id: number, from: number): number | null {
  const lines: LogRow[] = [];
  let bytes = 0;
  for (const line of sql.log.each(id, from, COMPACTED_LINES)) {
    lines.push(line);
    bytes += line[2]?.length ?? 0;
    if (bytes >= COMPACTED_BYTES) break;
  }
  for (const entry of compacted(lines.map(entryOf))) sql.setLog.run(...entryTexts(entry), id, entry[1]);
  return lines.at(-1)?.[0] ?? null;
}
