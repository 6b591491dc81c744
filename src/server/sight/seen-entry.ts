import type { Attributes } from '../../protocol/attributes.ts';
import { afterEntry, type Entry } from '../../protocol/change.ts';
import type { RecordId } from '../../protocol/ids.ts';

/** What a record was before each change that went into an entry, in order; null = there was none. */
export type Images = readonly [Attributes | null, ...(Attributes | null)[]];

interface Eyes {
  sees(id: RecordId, attrs: Attributes | null): boolean;
}

/**
 * A change as somebody sees it: what leaves their sight is a removal, what enters it a whole record. null = only its offset is told.
 *
 * Several in one, as they are read from a log, are told to hubs that may have seen any point in between: a snapshot's rows are newer than its cursor, and what was
 * read from the log may begin before the cursor. So what was seen at any point is removed, and only what was seen at all of them is told by its difference.
 */
export function seenEntry(eyes: Eyes, entry: Entry, images: Images): Entry | null {
  const [id, offset, , , by] = entry;
  const after = afterEntry(images[0], entry);
  const seen = images.map((image) => eyes.sees(id, image));
  if (eyes.sees(id, after)) {
    if (seen.every(Boolean)) return entry;
    return by ? [id, offset, after, '*', by] : [id, offset, after, '*'];
  }
  if (!seen.some(Boolean)) return null;
  return by ? [id, offset, null, null, by] : [id, offset, null];
}
