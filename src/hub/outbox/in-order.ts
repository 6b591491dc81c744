import type { Entry } from './entry.ts';

/** Entries in the order of acceptance, whatever the order in which they come. May be changed while iterating. */
export class InOrder {
  #entries = new Map<number, Entry>();
  #last = 0;
  #isSorted = true;

  get size(): number {
    return this.#entries.size;
  }

  add(entry: Entry): void {
    if (this.#entries.has(entry.order)) return;
    // One that comes back takes its old place, once somebody looks: many may come back at once.
    if (entry.order < this.#last) this.#isSorted = false;
    else this.#last = entry.order;
    this.#entries.set(entry.order, entry);
  }

  delete(entry: Entry): boolean {
    return this.#entries.delete(entry.order);
  }

  [Symbol.iterator](): IterableIterator<Entry> {
    if (!this.#isSorted) this.#entries = new Map([...this.#entries].sort(([a], [b]) => a - b));
    this.#isSorted = true;
    return this.#entries.values();
  }
}
