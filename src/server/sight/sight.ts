import type { Attributes } from '../../protocol/attributes.ts';
import type { Cursor, Entry, Row } from '../../protocol/change.ts';
import type { Epoch, RecordId, UserId } from '../../protocol/ids.ts';
import { type Images, seenEntry } from './seen-entry.ts';

/** Who looks. `tag`: what `authorize` said beside yes, '' where nothing. */
export interface Viewer<P extends object = Readonly<Record<string, string>>> {
  readonly user: UserId;
  readonly params: P;
  readonly tag: string;
}

/**
 * Whether somebody sees a record, its id among its attributes. Synchronous, and of nothing but what it is given: it is asked about what a record was, too,
 * and who comes back with a cursor goes on from what it said then. What else it is to depend on goes into the tag.
 */
export type Filter<A extends object = Attributes, P extends object = Readonly<Record<string, string>>> = (
  record: Readonly<A & { id: RecordId }>,
  viewer: Viewer<P>,
) => boolean;

/** How somebody sees a topic: which of its records, and under which tag, that is part of the epoch of whatever is told. */
export class Sight {
  readonly #viewer: Viewer;
  readonly #filter: Filter | undefined;
  readonly #failed: (error: unknown) => void;

  constructor(viewer: Viewer, filter?: Filter, failed: (error: unknown) => void = () => undefined) {
    this.#viewer = viewer;
    this.#filter = filter;
    this.#failed = failed;
  }

  get tag(): string {
    return this.#viewer.tag;
  }

  /** Whether there may be records that are not seen. */
  get isFiltered(): boolean {
    return this.#filter !== undefined;
  }

  /** Only true shows it: neither a forgotten return nor an error does. */
  sees(id: RecordId, attrs: Attributes | null): boolean {
    if (attrs === null) return false;
    if (!this.#filter) return true;
    try {
      return this.#filter({ ...attrs, id }, this.#viewer) === true;
    } catch (error) {
      this.#failed(error);
      return false;
    }
  }

  rows(rows: readonly Row[]): readonly Row[] {
    return this.#filter ? rows.filter(([id, , attrs]) => this.sees(id, attrs)) : rows;
  }

  /** The changes as they are seen; `images`: what each record was before. null = that is not known, so that nothing can be told. */
  entries(
    entries: readonly Entry[],
    images: readonly (Images | null | undefined)[] | undefined,
  ): readonly Entry[] | null {
    if (!this.#filter) return entries;
    const seen: Entry[] = [];
    for (const [at, entry] of entries.entries()) {
      const before = images?.[at];
      if (!before) return null;
      const told = seenEntry(this, entry, before);
      if (told) seen.push(told);
    }
    return seen;
  }

  /** A cursor as it is told. */
  told({ epoch, ...rest }: Cursor): Cursor {
    return { epoch: this.epoch(epoch), ...rest };
  }

  epoch(epoch: Epoch): Epoch {
    return `${epoch}${this.#end}` as Epoch;
  }

  /** What was told, as the store has it; null = it was told under another tag. */
  meant({ epoch, ...rest }: Cursor): Cursor | null {
    const end = this.#end;
    if (!epoch.endsWith(end)) return null;
    return { epoch: epoch.slice(0, epoch.length - end.length) as Epoch, ...rest };
  }

  /** Who was told all is not told only what changes under a filter that came since, nor the other way round. */
  get #end(): string {
    return `${this.#filter ? ':' : ''}${this.tag && `:${this.tag}`}`;
  }
}
