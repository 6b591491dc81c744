import { fits } from '../../base/shape.ts';
import type { Attributes } from '../../protocol/attributes.ts';
import type { Cursor, Row } from '../../protocol/change.ts';
import { MedullaError } from '../../protocol/errors.ts';
import { type RecordId, type RecordKey, recordKey, type Topic } from '../../protocol/ids.ts';
import { recordId } from '../../protocol/mutation.ts';
import { weigh } from '../limits/weigh.ts';
import { asAttributes } from '../resource/validate.ts';
import type { SessionParts } from '../session/session-parts.ts';
import type { PageBounds } from '../store.ts';

interface Answered {
  readonly id: RecordId;
  readonly attrs: Attributes;
}

/** What the application answers to a read in the store's place. */
export interface Answer {
  readonly content: unknown;
  /** Where the topic stood before the application was asked. */
  readonly head: Cursor;
}

type Parts = Pick<SessionParts, 'store'>;

/** What the application answers, a record with its id or a list, with the versions of the store's. */
export const answered = (parts: Parts, topic: Topic, { content, head }: Answer): Promise<Row[]> =>
  versioned(parts, topic, recordsOf(topic, content), head);

/** The same for one message: what comes after this key, up to the bounds. It is asked again for what comes then. */
export async function answeredPage(
  parts: Parts,
  topic: Topic,
  { content, head }: Answer,
  { after, bounds }: { readonly after: RecordKey | null; readonly bounds: PageBounds },
): Promise<{ rows: Row[]; next: RecordKey | null }> {
  const records = recordsOf(topic, content);
  // What is no more than a page stays in the order in which it was answered.
  if (after === null && cut(records, bounds) === records.length)
    return { rows: await versioned(parts, topic, records, head), next: null };
  const byKey = new Map(records.map((record) => [recordKey(record.id), record]));
  const keys = [...byKey.keys()].filter((key) => after === null || key > after).sort();
  const left = keys.flatMap((key) => byKey.get(key) ?? []);
  const count = cut(left, bounds);
  const rows = await versioned(parts, topic, left.slice(0, count), head);
  return { rows, next: count < left.length ? (keys[count - 1] ?? null) : null };
}

function recordsOf(topic: Topic, answer: unknown): Answered[] {
  return (answer === null ? [] : [answer].flat()).map((one) => {
    const { id, ...attrs } = asAttributes(one);
    if (!fits(recordId, id) || id === '')
      throw new MedullaError('internal', `A record of ${topic} was answered without an id.`);
    return { id, attrs };
  });
}

/** How many of them go into a page, which ends with the one that reaches a bound. */
function cut(records: readonly Answered[], { rows, bytes }: PageBounds): number {
  let weight = 0;
  const last = records.findIndex(({ attrs }, at) => {
    weight += weigh(attrs);
    return at + 1 >= rows || weight >= bytes;
  });
  return last < 0 ? records.length : last + 1;
}

/**
 * The store says which versions these are, where it knows them. None is above the `head` that the topic had before the application was asked: whether it
 * knew of what was done since cannot be told, and nobody is to skip that.
 */
async function versioned(
  { store }: Parts,
  topic: Topic,
  records: readonly Answered[],
  head: Cursor,
): Promise<Row[]> {
  const known = await store.read(records.map(({ id }) => ({ topic, key: recordKey(id) })));
  return records.map(({ id, attrs }, at): Row => [id, Math.min(known[at]?.[1] ?? 0, head.offset), attrs]);
}
