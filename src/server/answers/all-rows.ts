import type { Row } from '../../protocol/change.ts';
import { MedullaError } from '../../protocol/errors.ts';
import type { RecordKey, Topic } from '../../protocol/ids.ts';
import { weigh } from '../limits/weigh.ts';
import type { SessionParts } from '../session/session-parts.ts';
import { sound } from '../session/sound.ts';

interface Bounds {
  readonly isWanted?: (row: Row) => boolean;
  /** Bytes of all that is wanted. */
  readonly most?: number;
}

/**
 * All records of a topic that clients can read, or those of them that are wanted: page by page, so that the rest is not kept. Rejects with a
 * MedullaError 'too-large' where these are more than `most` bytes.
 */
export async function allRows(
  parts: Pick<SessionParts, 'store' | 'page' | 'log'>,
  topic: Topic,
  { isWanted = () => true, most = Number.POSITIVE_INFINITY }: Bounds = {},
): Promise<Row[]> {
  const rows: Row[] = [];
  let bytes = 0;
  let after: RecordKey | null = null;
  do {
    const found = await parts.store.page(topic, after, parts.page);
    for (const row of sound(parts, topic, found.rows)) {
      if (!isWanted(row)) continue;
      rows.push(row);
      bytes += weigh(row[2]);
    }
    if (bytes > most) throw tooMuch(topic, most);
    after = found.next;
  } while (after !== null);
  return rows;
}

const tooMuch = (topic: Topic, most: number): MedullaError =>
  new MedullaError(
    'too-large',
    `What is read of ${topic.slice(0, 100)} is more than ${most} bytes: follow it, which is told page by page, or read less.`,
  );
