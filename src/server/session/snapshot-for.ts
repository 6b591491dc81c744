import type { Snapshot } from '../../protocol/change.ts';
import type { Topic } from '../../protocol/ids.ts';
import { allRows } from '../answers/all-rows.ts';
import { answered } from '../answers/answered.ts';
import type { SessionInfo } from '../resource/session-info.ts';
import { permitRead } from './permit-read.ts';
import type { SessionParts } from './session-parts.ts';

/** What a follow would begin with, whole. Without a session for the server's own use: nobody's permission is asked. */
export async function snapshotFor(
  parts: SessionParts,
  topic: Topic,
  session?: SessionInfo,
): Promise<Snapshot> {
  if (!session) return snapshotOf(parts, topic);
  const { answer, sight } = await permitRead(parts, session, { topic });
  const { cursor, rows } = answer
    ? { cursor: answer.head, rows: await answered(parts, topic, answer) }
    : await snapshotOf(parts, topic);
  return { cursor: sight.told(cursor), rows: sight.rows(rows) };
}

/** The head comes first: a row may be newer than the cursor, and its change is skipped later. */
async function snapshotOf(parts: SessionParts, topic: Topic): Promise<Snapshot> {
  const cursor = await parts.store.head(topic);
  return { cursor, rows: await allRows(parts, topic) };
}
