import type { MutationId } from '../../protocol/ids.ts';
import type { Batch, OutboxItem } from '../../protocol/tab-down.ts';

/** Null = it is not in the outbox any more. */
type Look = (id: MutationId) => OutboxItem | null;

/** What a tab that lists the outbox has yet to be told of it. */
export class Items {
  #touched = new Set<MutationId>();
  /** The items that the tab knows of. */
  readonly #listed = new Set<MutationId>();

  get size(): number {
    return this.#touched.size;
  }

  touch(id: MutationId, look: Look): void {
    // What came and went since the last batch is not worth a word.
    if (this.#listed.has(id) || look(id)) this.#touched.add(id);
    else this.#touched.delete(id);
  }

  /** All of it, as it is now. */
  take(look: Look): NonNullable<Batch['outbox']> {
    const items: OutboxItem[] = [];
    const gone: MutationId[] = [];
    for (const id of this.#touched) {
      const item = look(id);
      if (item) {
        items.push(item);
        this.#listed.add(id);
      } else if (this.#listed.delete(id)) gone.push(id);
    }
    this.#touched = new Set();
    return { items, gone };
  }
}
