import { matches } from '../../protocol/attributes.ts';
import type { Row } from '../../protocol/change.ts';
import { type RecordKey, recordKey } from '../../protocol/ids.ts';
import type { Answers } from '../../protocol/server-down.ts';
import type { Requests } from '../../protocol/server-up.ts';
import type { SessionInfo } from '../resource/session-info.ts';
import { permitRead } from './permit-read.ts';
import type { SessionParts } from './session-parts.ts';
import { sound } from './sound.ts';

/** One record, those that match a query, or all. A record that is not there makes no rows. */
export async function read(
  parts: SessionParts,
  session: SessionInfo,
  { topic, record, query, options }: Requests['read'],
): Promise<Answers['read']> {
  const { store, page } = parts;
  const seen = await permitRead(parts, session, {
    topic,
    record: record ?? null,
    query: query ?? null,
    options,
  });
  const { epoch } = await store.head(topic);
  if (record !== undefined) {
    const row = seen === undefined ? (await store.read([{ topic, key: recordKey(record) }]))[0] : seen;
    return { rows: row ? [row] : [], epoch };
  }
  const rows: Row[] = [];
  let after: RecordKey | null = null;
  do {
    const found = await store.page(topic, after, page);
    for (const row of sound(parts, topic, found.rows)) if (!query || matches(row[2], query)) rows.push(row);
    after = found.next;
  } while (after !== null);
  return { rows, epoch };
}
