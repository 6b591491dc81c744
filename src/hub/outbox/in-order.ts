import type { Entry } from './entry.ts';

/** Entries in the order of acceptance, whatever the order in which they come. May be changed while iterating. */
export class InOrder {
  #entries = new Map<number, Entry>();
  #last = 0;

  get size(): number {
    return this.#entries.size;
  }

  add(entry: Entry): void {
    if (this.#entries.has(entry.order)) return;
    const isLast = entry.order > this.#last;
    this.#entries.set(entry.order, entry);
    if (isLast) this.#last = entry.order;
    // One that comes back is rare, and somebody's decision.
    else this.#entries = new Map([...this.#entries].sort(([a], [b]) => a - b));
  }

  delete(entry: Entry): boolean {
    return this.#entries.delete(entry.order);
  }

  [Symbol.iterator](): IterableIterator<Entry> {
    return this.#entries.values();
  }
}
