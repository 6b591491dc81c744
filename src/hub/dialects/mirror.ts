import { equalJson } from '../../base/json.ts';
import type { Attributes, Image } from '../../protocol/attributes.ts';
import { afterEntry, type Entry } from '../../protocol/change.ts';
import { type RecordId, type RecordKey, recordKey, SINGLETON } from '../../protocol/ids.ts';
import type { WireRow } from './rows-of.ts';

/** What changes a record; it has no offset yet. */
export type Step = readonly [record: RecordId, set: Attributes | null, unset: '*' | readonly string[] | null];

/** So many records are kept of a topic that nobody follows. */
const KEPT = 1_000;

/**
 * One topic as the server has it, while a link lasts. A server that numbers nothing is told apart from what it was by comparing:
 * each difference is an entry with an offset of this side's own counting.
 */
export class Mirror {
  /** As the server has them, as far as is known. */
  readonly records = new Map<RecordKey, Image>();
  /** Changes are wanted, and told. */
  isLive = false;
  /** All of it has been read over this link. */
  isWhole = false;
  /** Where what was told last ends. */
  offset: number;
  /** How often anything of it was read. */
  reads = 0;
  /** What came while it was being read, which the answer may have or not. */
  readonly #logs = new Set<Step[]>();

  constructor(offset: number) {
    this.offset = offset;
  }

  /** It is known to have records, and not to be one. */
  get isList(): boolean {
    return this.isWhole && this.records.size > 0 && !this.records.has(recordKey(SINGLETON));
  }

  /** What a read in flight is to have laid on its answer: all that comes from now on. */
  log(): { readonly steps: readonly Step[]; end(): void } {
    const steps: Step[] = [];
    this.#logs.add(steps);
    return { steps, end: () => this.#logs.delete(steps) };
  }

  /** Tells, once a write is answered, whether its record was heard of otherwise meanwhile: which is newer, nobody knows. */
  watch(): (record: RecordId) => boolean {
    const { reads } = this;
    const log = this.log();
    return (record) => {
      log.end();
      return this.reads !== reads || log.steps.some(([id]) => recordKey(id) === recordKey(record));
    };
  }

  /** Lays a step on it. Null = it is as it was before. */
  lay(step: Step, offset: number): Entry | null {
    for (const log of this.#logs) log.push(step);
    const [record, set, unset] = step;
    const key = recordKey(record);
    const before = this.records.get(key)?.attrs ?? null;
    // A part of what is not known makes nothing known.
    if (!before && set && unset !== '*' && !this.isWhole) return null;
    const attrs = afterEntry(before, [record, offset, set, before ? unset : '*']);
    if (before && attrs && equalJson(before, attrs)) return null;
    if (attrs) this.#put({ record, version: offset, attrs });
    else if (!this.records.delete(key)) return null;
    return attrs ? [record, offset, attrs, '*'] : [record, offset, null];
  }

  /** This is all of it now. Returns what is different, one offset each. */
  replace(now: ReadonlyMap<RecordKey, Image>, next: () => number): Entry[] {
    this.reads++;
    const entries: Entry[] = [];
    const before = new Map(this.records);
    this.records.clear();
    for (const [key, { record }] of before) if (!now.has(key)) entries.push([record, next(), null]);
    // In the order in which the server has them.
    for (const [key, { record, attrs }] of now) {
      const known = before.get(key);
      const isSame = known !== undefined && equalJson(known.attrs, attrs);
      const held = isSame ? known : { record, version: next(), attrs };
      if (!isSame) entries.push([record, held.version, attrs, '*']);
      this.records.set(key, held);
    }
    this.isWhole = true;
    return entries;
  }

  /** One record was read, which nobody follows. Of what is known since, the answer may know nothing. */
  learn(held: Image): void {
    this.reads++;
    const key = recordKey(held.record);
    if (this.isLive || (this.records.get(key)?.version ?? 0) > held.version) return;
    this.records.delete(key);
    this.#put(held);
  }

  unlearn(record: RecordId): void {
    if (!this.isLive) this.records.delete(recordKey(record));
  }

  /** Nobody follows it any more: what it has may be another's next moment. */
  release(): void {
    this.isLive = this.isWhole = false;
    this.records.clear();
  }

  #put(held: Image): void {
    this.records.set(recordKey(held.record), held);
    if (this.isLive || this.records.size <= KEPT) return;
    for (const key of this.records.keys()) {
      if (this.records.size <= KEPT) break;
      this.records.delete(key);
    }
  }
}

/** What was read, with what came while it was on its way. */
export function laid(
  rows: Iterable<WireRow>,
  steps: readonly Step[],
  version: number,
): Map<RecordKey, Image> {
  const now = new Map<RecordKey, Image>();
  for (const row of rows) now.set(recordKey(row.record), { ...row, version });
  for (const [record, set, unset] of steps) {
    const key = recordKey(record);
    const attrs = afterEntry(now.get(key)?.attrs ?? null, [record, 0, set, unset]);
    if (attrs) now.set(key, { record, version, attrs });
    else now.delete(key);
  }
  return now;
}
