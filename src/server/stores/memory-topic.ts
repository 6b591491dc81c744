import type { Attributes } from '../../protocol/attributes.ts';
import type { Cursor, Entry, Row } from '../../protocol/change.ts';
import { type Epoch, type Mark, type RecordKey, recordKey } from '../../protocol/ids.ts';
import type { Change } from '../commit/commit-run.ts';
import { COMPACTED_LINES, compacted } from '../commit/compacted.ts';
import { conflate } from '../commit/conflate.ts';
import { imagesBefore } from '../commit/images-before.ts';
import { lastIdWith } from '../commit/last-id-with.ts';
import { LINE } from '../commit/log-row.ts';
import { weigh } from '../limits/weigh.ts';

interface LogLine {
  readonly entry: Entry;
  readonly mark: Mark;
  readonly at: number;
  readonly before: Attributes | null | undefined;
}

/** One topic's records and log. The log has a line for each offset above `floor`. */
export class MemoryTopic {
  readonly records = new Map<RecordKey, Row>();
  #log: LogLine[] = [];
  #floor = { offset: 0, mark: '' as Mark };
  /** The last offset that was compacted. */
  #compacted = 0;
  #keys: RecordKey[] | null = [];
  cursor: Cursor;
  /** The greatest integer that a record has ever had as its id. */
  lastId = 0;

  constructor(epoch: Epoch) {
    this.cursor = { epoch, ...this.#floor };
  }

  /** All keys in order; sorted again only after one came or went. */
  get keys(): readonly RecordKey[] {
    this.#keys ??= [...this.records.keys()].sort();
    return this.#keys;
  }

  get offset(): number {
    return this.cursor.offset;
  }

  get mark(): Mark {
    return this.cursor.mark;
  }

  get logLength(): number {
    return this.#log.length;
  }

  /** Where the keys after `after` begin. */
  indexAfter(after: RecordKey | null): number {
    if (after === null) return 0;
    const keys = this.keys;
    let low = 0;
    let high = keys.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((keys[middle] as RecordKey) <= after) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  add({ entry, attrs, before }: Change, mark: Mark, at: number): Cursor {
    const [record, offset, set, unset] = entry;
    const key = recordKey(record);
    this.lastId = lastIdWith(this.lastId, record);
    if (attrs === null || !this.records.has(key)) this.#keys = null;
    if (attrs === null) this.records.delete(key);
    else this.records.set(key, [record, offset, attrs]);
    this.#log.push({ entry: unset ? [record, offset, set, unset] : [record, offset, set], mark, at, before });
    this.cursor = { epoch: this.cursor.epoch, offset, mark };
    return this.cursor;
  }

  since({ offset, mark }: Cursor, most = Number.POSITIVE_INFINITY) {
    const at = offset - this.#floor.offset;
    const line = at === 0 ? this.#floor : this.#log[at - 1];
    if (line?.mark !== mark) return null;
    const lines = this.#log.slice(at);
    const entries = conflate(lines.map(({ entry }) => entry));
    // All of it is in memory as it is: what counts is what is told.
    if (entries.length > 0 && entries.length * LINE + weigh(entries) > most) return null;
    const images = imagesBefore(lines.map(({ entry, before }) => [entry[0], before]));
    return { entries, cursor: this.cursor, ...images };
  }

  trim({ changes, before }: { readonly changes: number; readonly before: number }): void {
    const young = this.#log.findIndex(({ at }) => at >= before);
    const count = Math.max(young < 0 ? this.#log.length : young, this.#log.length - changes);
    const last = this.#log[count - 1];
    if (!last) return;
    this.#floor = { offset: last.entry[1], mark: last.mark };
    this.#log = this.#log.slice(count);
  }

  /** What was overwritten in the log is let go. */
  compact(): void {
    const floor = this.#floor.offset;
    let from = Math.max(this.#compacted, floor);
    for (; this.cursor.offset - from >= COMPACTED_LINES; from += COMPACTED_LINES) {
      const lines = this.#log.slice(from - floor, from - floor + COMPACTED_LINES);
      for (const entry of compacted(lines.map((line) => line.entry))) {
        const at = entry[1] - floor - 1;
        this.#log[at] = { ...(this.#log[at] as LogLine), entry };
      }
    }
    this.#compacted = from;
  }
}
