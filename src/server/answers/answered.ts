import { fits } from '../../base/shape.ts';
import type { Cursor, Row } from '../../protocol/change.ts';
import { MedullaError } from '../../protocol/errors.ts';
import { recordKey, type Topic } from '../../protocol/ids.ts';
import { recordId } from '../../protocol/mutation.ts';
import { asAttributes } from '../resource/validate.ts';
import type { SessionParts } from '../session/session-parts.ts';

/**
 * What the application answers, a record with its id or a list; the store says which versions these are, where it knows them. None is above the
 * `head` that the topic had before it was asked: whether it knew of what was done since cannot be told, and nobody is to skip that.
 */
export async function answered(
  { store }: Pick<SessionParts, 'store'>,
  topic: Topic,
  answer: unknown,
  head: Cursor | null,
): Promise<Row[]> {
  const records = (answer === null ? [] : [answer].flat()).map((one) => {
    const { id, ...attrs } = asAttributes(one);
    if (!fits(recordId, id) || id === '')
      throw new MedullaError('internal', `A record of ${topic} was answered without an id.`);
    return { id, attrs };
  });
  const known = await store.read(records.map(({ id }) => ({ topic, key: recordKey(id) })));
  const most = head?.offset ?? Number.POSITIVE_INFINITY;
  return records.map(({ id, attrs }, at): Row => [id, Math.min(known[at]?.[1] ?? 0, most), attrs]);
}
