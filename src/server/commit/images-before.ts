import type { Attributes } from '../../protocol/attributes.ts';
import { type RecordId, type RecordKey, recordKey } from '../../protocol/ids.ts';
import type { Missed } from '../store.ts';

/** A line of a log: the record, and what it was before, where that was kept. */
type Line = readonly [record: RecordId, before: Attributes | null | undefined];

/** What the records were before the first of these lines, which is all that a later one could say. */
export function imagesBefore(lines: Iterable<Line>): Pick<Missed, 'images'> {
  const first = new Map<RecordKey, Attributes | null | undefined>();
  for (const [record, before] of lines) {
    const key = recordKey(record);
    if (!first.has(key)) first.set(key, before);
  }
  const images = new Map<RecordKey, Attributes | null>();
  for (const [key, before] of first) if (before !== undefined) images.set(key, before);
  return images.size > 0 ? { images } : {};
}
