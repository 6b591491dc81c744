import type { Attributes } from '../../protocol/attributes.ts';
import { type RecordId, type RecordKey, recordKey } from '../../protocol/ids.ts';
import type { Missed } from '../store.ts';

/** A line of a log: the record, and what it was before, where that was kept. */
type Line = readonly [record: RecordId, before: Attributes | null | undefined];

/** What each record was before each of these lines; of one of which a line does not say it, nothing. */
export function imagesBefore(lines: readonly Line[]): Pick<Missed, 'images'> {
  if (lines.every(([, before]) => before === undefined)) return {};
  const images = new Map<RecordKey, (Attributes | null)[]>();
  const unknown = new Set<RecordKey>();
  for (const [record, before] of lines) {
    const key = recordKey(record);
    const known = images.get(key);
    if (before === undefined) unknown.add(key);
    else if (known) known.push(before);
    else images.set(key, [before]);
  }
  for (const key of unknown) images.delete(key);
  return images.size > 0 ? { images } : {};
}
