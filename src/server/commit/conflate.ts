import type { Attributes } from '../../protocol/attributes.ts';
import type { Entry } from '../../protocol/change.ts';
import { type RecordKey, recordKey } from '../../protocol/ids.ts';

/**
 * Folds log entries, in order, into one a record, ordered by the offset of its last. Laid on whatever the record was
 * before the first, the fold gives what the entries give one after the other.
 */
export function conflate(entries: readonly Entry[]): Entry[] {
  const folds = new Map<RecordKey, Fold>();
  for (const entry of entries) {
    const key = recordKey(entry[0]);
    const before = folds.get(key);
    // Deleted first, so that the map's order is the order of the last entries.
    if (before) folds.delete(key);
    const isAll = entry[2] === null || entry[3] === '*';
    folds.set(key, before && !isAll ? before.add(entry) : new Fold(entry));
  }
  return [...folds.values()].map(({ entry }) => entry);
}

/** What the entries of one record come to. They may be many, and the record large: its attributes are copied once. */
class Fold {
  #last: Entry;
  /** Null = there is only the last. */
  #sum: { readonly set: Record<string, Attributes[string]>; readonly unset: Set<string> | '*' } | null = null;

  constructor(entry: Entry) {
    this.#last = entry;
  }

  add(entry: Entry): this {
    const [, , first, gone] = this.#last;
    // A part of what is not there makes nothing of it.
    if (first === null && !this.#sum) return this;
    this.#sum ??= { set: { ...first }, unset: gone === '*' ? '*' : new Set(gone) };
    this.#last = entry;
    const { set, unset } = this.#sum;
    Object.assign(set, entry[2]);
    if (unset !== '*') for (const name of Object.keys(entry[2] ?? {})) unset.delete(name);
    for (const name of entry[3] ?? []) {
      delete set[name];
      if (unset !== '*') unset.add(name);
    }
    return this;
  }

  get entry(): Entry {
    if (!this.#sum) return this.#last;
    const [record, offset] = this.#last;
    const { set, unset } = this.#sum;
    if (unset === '*') return [record, offset, set, '*'];
    return unset.size ? [record, offset, set, [...unset]] : [record, offset, set];
  }
}
