import type { Attributes } from '../../../src/protocol/attributes.ts';
import { afterEntry, type Entry } from '../../../src/protocol/change.ts';

/** Lays an entry on the record of this key, as whoever follows does. */
export function layOn<K>(records: Map<K, Attributes>, key: K, entry: Entry): void {
  const left = afterEntry(records.get(key) ?? null, entry);
  if (left) records.set(key, left);
  else records.delete(key);
}
