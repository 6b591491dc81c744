import type { Cursor } from '../../protocol/change.ts';
import type { Topic } from '../../protocol/ids.ts';
import type { Followed } from '../../protocol/server-down.ts';
import type { AnswerBounds } from '../limits/answer-bounds.ts';
import type { Head } from '../publish/standing.ts';
import type { SessionParts } from '../session/session-parts.ts';
import { sound } from '../session/sound.ts';
import { imagesOf } from '../sight/images-of.ts';
import type { Sight } from '../sight/sight.ts';

type CaughtUp = Extract<Followed, { type: 'changes' | 'snapshot' }>;

/** How far somebody is with it. */
export function headOf(followed: CaughtUp): Head {
  if (followed.type === 'snapshot') return followed.cursor;
  const { to: offset, mark } = followed.changes;
  return { offset, mark };
}

/** What was missed since the cursor, where it holds, else the first page of a snapshot. */
export async function catchUp(
  parts: SessionParts,
  { topic, cursor }: { readonly topic: Topic; readonly cursor: Cursor | null },
  sight: Sight,
  bounds: AnswerBounds,
): Promise<CaughtUp> {
  const { store } = parts;
  const known = cursor && sight.meant(cursor);
  const missed = known && (await store.log(topic, known, bounds.missed));
  const seen = missed && sight.entries(missed.entries, imagesOf(missed.entries, missed.images));
  if (cursor && seen) {
    const entries = sound(parts, topic, seen);
    const { epoch, offset, mark } = sight.told(missed.cursor);
    const changes = { topic, epoch, from: cursor.offset, to: offset, mark, entries };
    return { type: 'changes', topic, changes };
  }
  // The head first: what changes while the pages are read is newer than it, and comes as a change.
  const head = await store.head(topic);
  const { rows, next } = await store.page(topic, null, bounds.page);
  return {
    type: 'snapshot',
    topic,
    cursor: sight.told(head),
    rows: sight.rows(sound(parts, topic, rows)),
    next,
  };
}
