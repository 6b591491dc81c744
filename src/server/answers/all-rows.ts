import type { Row } from '../../protocol/change.ts';
import type { RecordKey, Topic } from '../../protocol/ids.ts';
import type { SessionParts } from '../session/session-parts.ts';
import { sound } from '../session/sound.ts';

/** All records of a topic that clients can read, or those of them that are wanted: page by page, so that the rest is not kept. */
export async function allRows(
  parts: Pick<SessionParts, 'store' | 'page' | 'log'>,
  topic: Topic,
  isWanted: (row: Row) => boolean = () => true,
): Promise<Row[]> {
  const rows: Row[] = [];
  let after: RecordKey | null = null;
  do {
    const found = await parts.store.page(topic, after, parts.page);
    for (const row of sound(parts, topic, found.rows)) if (isWanted(row)) rows.push(row);
    after = found.next;
  } while (after !== null);
  return rows;
}
