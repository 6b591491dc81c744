import type { Attributes } from '../../protocol/attributes.ts';
import { afterEntry, type Entry } from '../../protocol/change.ts';
import type { RecordId } from '../../protocol/ids.ts';

interface Eyes {
  sees(id: RecordId, attrs: Attributes | null): boolean;
}

/** A change as somebody sees it: what leaves their sight is a removal, what enters it a whole record. null = only its offset is told. */
export function seenEntry(eyes: Eyes, entry: Entry, before: Attributes | null): Entry | null {
  const [id, offset, , , by] = entry;
  const after = afterEntry(before, entry);
  const was = eyes.sees(id, before);
  const is = eyes.sees(id, after);
  if (was && is) return entry;
  if (is) return by ? [id, offset, after, '*', by] : [id, offset, after, '*'];
  if (was) return by ? [id, offset, null, null, by] : [id, offset, null];
  return null;
}
