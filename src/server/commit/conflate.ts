import type { Attributes } from '../../protocol/attributes.ts';
import { afterEntry, type Entry } from '../../protocol/change.ts';
import { type RecordKey, recordKey } from '../../protocol/ids.ts';

/**
 * Folds log entries, in order, into one a record, ordered by the offset of its last. Laid on whatever the record was
 * before the first, the fold gives what the entries give one after the other.
 */
export function conflate(entries: readonly Entry[]): Entry[] {
  const folds = new Map<RecordKey, Entry>();
  for (const entry of entries) {
    const key = recordKey(entry[0]);
    const before = folds.get(key);
    // Deleted first, so that the map's order is the order of the last entries.
    if (before) folds.delete(key);
    folds.set(key, before ? fold(before, entry) : entry);
  }
  return [...folds.values()];
}

function fold(before: Entry, entry: Entry): Entry {
  const [record, offset, set, unset] = entry;
  if (set === null || unset === '*') return entry;
  if (before[2] === null || before[3] === '*')
    return [record, offset, afterEntry(before[2], entry) ?? set, '*'];
  const names = new Set(before[3] ?? []);
  for (const name of Object.keys(set)) names.delete(name);
  const sum: Record<string, Attributes[string]> = { ...before[2], ...set };
  for (const name of unset ?? []) {
    names.add(name);
    delete sum[name];
  }
  return names.size ? [record, offset, sum, [...names]] : [record, offset, sum];
}
