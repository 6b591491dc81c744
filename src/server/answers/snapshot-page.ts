import { MedullaError } from '../../protocol/errors.ts';
import type { Answers } from '../../protocol/server-down.ts';
import type { Requests } from '../../protocol/server-up.ts';
import type { SessionInfo } from '../resource/session-info.ts';
import { checkNames } from '../session/names.ts';
import { permitRead, type Wanted } from '../session/permit-read.ts';
import type { SessionParts } from '../session/session-parts.ts';
import { sound } from '../session/sound.ts';
import { answeredPage } from './answered.ts';

/** A page of a snapshot that was begun. Rejects with a MedullaError where it may not be read, or goes on no more. */
export async function snapshotPage(
  parts: SessionParts,
  session: SessionInfo,
  { topic, at, after }: Requests['page'],
  wanted: Wanted,
): Promise<Answers['page']> {
  const { store, page: bounds } = parts;
  checkNames({ 'record id': after });
  const { answer, head, sight } = await permitRead(parts, session, wanted);
  const { epoch } = sight.told(head ?? (await store.head(topic)));
  if (epoch !== at.epoch)
    throw new MedullaError('gone', `The snapshot of ${topic} does not go on here: follow it again.`);
  // Where the application answers in the store's place, what is in the store is not for this user.
  const { rows, next } = answer
    ? await answeredPage(parts, topic, answer, { after, bounds })
    : await store.page(topic, after, bounds);
  return { rows: sight.rows(sound(parts, topic, rows)), next };
}
