import { isObject } from '../../base/json.ts';
import { fits, list, text } from '../../base/shape.ts';
import { MedullaError } from '../../protocol/errors.ts';
import { ANONYMOUS, type RecordId, type Topic } from '../../protocol/ids.ts';
import { recordId } from '../../protocol/mutation.ts';
import { badOption, checkOptions, found, type Rule, type Rules } from '../options/check-options.ts';
import type { Publication } from '../resource/resource.ts';
import { asAttributes } from '../resource/validate.ts';
import { badText } from '../session/names.ts';
import type { StoreWrite } from '../store.ts';

const names = list(text());
const aTrue: Rule = { words: 'true, or nothing at all', fits: (value) => value === true };

const rules: Rules = {
  record: {
    words: "the record's id, text or a number",
    required: true,
    fits: (value) => fits(recordId, value) && value !== '' && !badText(String(value)),
  },
  set: { words: 'attributes, an object', fits: isObject },
  unset: { words: 'a list of names', fits: (value) => fits(names, value) },
  existing: aTrue,
  deleted: aTrue,
};

/**
 * What the server itself wants changed, as writes: they need no permission, have no receipts and know no conflict.
 * Throws a MedullaError where one of the changes is none, before any is made. `more`: what the resource adds to each.
 */
export function publicationWrites(
  topic: Topic,
  change: unknown,
  more: Pick<StoreWrite, 'elsewhere' | 'images'>,
  limit: number,
): StoreWrite[] {
  const changes: readonly unknown[] = Array.isArray(change) ? change : [change];
  return changes.map((publication) => {
    checkPublication(topic, publication);
    const { record, set, unset, deleted, existing } = publication;
    return ownWrite({
      topic,
      record,
      method: deleted ? 'delete' : 'update',
      set: attributesOf(topic, record, set),
      unset: unset ?? [],
      // One that was made on a record, whichever version, makes none where it is gone.
      base: existing ? 1 : null,
      limit,
      ...more,
    });
  });
}

type Own = Pick<StoreWrite, 'topic' | 'record' | 'method' | 'set' | 'unset' | 'base' | 'limit'> &
  Partial<Pick<StoreWrite, 'elsewhere' | 'images'>>;

/** A write of the server itself. */
export const ownWrite = (own: Own): StoreWrite => ({
  ids: [],
  user: ANONYMOUS,
  was: {},
  conflict: 'merge',
  sent: { set: own.set, unset: own.unset },
  number: 0,
  ...own,
});

type Parts = Partial<Record<'set' | 'unset' | 'deleted' | 'existing', undefined>> & Publication;

function checkPublication(topic: Topic, publication: unknown): asserts publication is Parts {
  if (!isObject(publication))
    throw badOption(`publish takes changes as { record, set }: found ${found(publication)}.`);
  checkOptions(`A change published to ${topic}`, publication, rules);
  const { set, unset, deleted } = publication as Record<string, unknown>;
  if (deleted && (set !== undefined || unset !== undefined))
    throw badOption(`A change published to ${topic} either sets and unsets, or is deleted: found both.`);
}

function attributesOf(topic: Topic, record: RecordId, set: unknown) {
  try {
    return asAttributes(set ?? {});
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new MedullaError(
      'bad-attribute',
      `What is set on record ${record} of ${topic} cannot be kept. ${why}.`,
      { cause },
    );
  }
}
