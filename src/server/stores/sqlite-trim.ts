import type { Topic } from '../../protocol/ids.ts';
import type { TrimBounds } from '../store.ts';
import type { Statements } from './sqlite-statements.ts';

/** Forgets the beginning of each topic's log, and keeps the mark of the last entry that went: a cursor there still holds. */
export function trimSqlite(sql: Statements, { log }: TrimBounds): void {
  for (const [id, topic, head] of sql.heads.all()) {
    const { changes, before } = log(topic as Topic);
    const young = sql.youngLog.get(id, before)?.[0] ?? head + 1;
    const last = Math.max(young - 1, head - changes);
    const mark = sql.mark.get(id, last)?.[0];
    // Nothing is there at or below the floor.
    if (mark === undefined) continue;
    sql.setFloor.run(last, mark, id);
    sql.trimLog.run(id, last);
  }
}
