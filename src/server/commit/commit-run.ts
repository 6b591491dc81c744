import { isLonger } from '../../base/is-longer.ts';
import { fits } from '../../base/shape.ts';
import type { Attributes } from '../../protocol/attributes.ts';
import type { Entry, Row } from '../../protocol/change.ts';
import { MedullaError } from '../../protocol/errors.ts';
import { isTemporary, type MutationId, type RecordId, type Topic, type UserId } from '../../protocol/ids.ts';
import { rebased, recordId } from '../../protocol/mutation.ts';
import type { Effect, Receipt, RefusingReceipt } from '../../protocol/receipt.ts';
import type { StoreOutcome, StoreWrite } from '../store.ts';
import { type Applied, applyWrite } from './apply-write.ts';
import { effectBeyond } from './effect-beyond.ts';
import { lost } from './known-receipt.ts';
import { laneOf } from './lane-of.ts';
import { ToldRecords } from './told-records.ts';

/** How far a topic has come. */
export interface TopicHead {
  /** Of its last change. */
  readonly offset: number;
  /** The greatest integer that a record of it has ever had as its id. */
  readonly lastId: number;
}

/** What a store looks up for a commit, inside its transaction: as the writes before have left it. */
export interface Found {
  /** The receipt of this id, if there is one, as a repeat is answered. */
  receipt(user: UserId, id: MutationId): Receipt | undefined;
  /** The number of the last receipt that was forgotten. */
  floor(): number;
  record(topic: Topic, record: RecordId): Row | null;
  head(topic: Topic): TopicHead;
}

/**
 * What a store has to do for a write. `keep`: only remember the receipt. `change`: also take the next offset, write
 * the entry to the log and `json`, the record's attributes as text, to the record; null = delete it.
 */
export type Decision =
  | { readonly type: 'nothing'; readonly outcome: StoreOutcome }
  | { readonly type: 'keep'; readonly receipt: Receipt }
  | {
      readonly type: 'change';
      readonly receipt: Effect;
      readonly entry: Entry;
      readonly attrs: Attributes | null;
      readonly json: string | null;
      /** What the record was before it, where the write asks for images: kept with the entry, and told. */
      readonly before?: Attributes | null;
    };
export type Change = Extract<Decision, { type: 'change' }>;

/** Decides, write by write, what one commit does. Pure but for what it remembers of the lanes that it has seen. */
export class CommitRun {
  readonly told: ToldRecords;
  /** The version that the last write of each lane leaves behind, where it did what was foreseen. */
  readonly #left = new Map<string, number | null>();
  /** Lanes in which a write was not carried out: what comes after it must not overtake it. */
  readonly #stopped = new Set<string>();
  /** What was refused last in a lane, where nothing was done to it since: what comes next was made on that. */
  readonly #refused = new Map<string, StoreWrite>();

  constructor(told = new ToldRecords()) {
    this.told = told;
  }

  decide(given: StoreWrite, found: Found): Decision {
    const lane = laneOf(given.topic, given.record);
    const write = rebased(given, this.#refused.get(lane));
    this.#refused.delete(lane);
    const known = this.#known(lane, write, found);
    if (known) return nothing({ type: 'receipts', receipts: known, changed: null });
    if (this.#stopped.has(lane)) return nothing({ type: 'moved' });
    if (!fits(recordId, write.record)) return this.#stop(lane, { type: 'failed', error: noRecord(write) });
    const isOpen = isTemporary(write.record);
    if (isOpen && write.method !== 'create' && write.method !== 'delete')
      return { type: 'keep', receipt: neverMade(write) };
    const current = found.record(write.topic, write.record);
    if (!this.#holds(lane, write, current)) return this.#stop(lane, { type: 'moved' });
    let applied: Applied;
    try {
      applied = applyWrite(current, write);
    } catch (error) {
      return this.#stop(lane, { type: 'failed', error });
    }
    const { offset, lastId } = found.head(write.topic);
    const made = isOpen ? { ...write, record: lastId + 1 } : write;
    return this.#carryOut(lane, made, current, applied, offset);
  }

  /** A write that was decided on could not be carried out. */
  fail(write: StoreWrite, error: unknown): StoreOutcome {
    this.#stopped.add(laneOf(write.topic, write.record));
    return { type: 'failed', error };
  }

  /** Another that goes on from here, to try something out. */
  fork(): CommitRun {
    const other = new CommitRun(this.told);
    for (const [lane, version] of this.#left) other.#left.set(lane, version);
    for (const lane of this.#stopped) other.#stopped.add(lane);
    return other;
  }

  /** The same once more, for a transaction that may have to be done again. */
  copy(): CommitRun {
    const other = this.fork();
    for (const [lane, write] of this.#refused) other.#refused.set(lane, write);
    return other;
  }

  /** What was tried out is done. */
  take(other: CommitRun): void {
    for (const [lane, version] of other.#left) this.#left.set(lane, version);
  }

  /** Nothing was done to the lane, though something was foreseen; `stop`: what comes after it must not overtake it. */
  undone({ topic, record }: StoreWrite, stop: boolean): void {
    const lane = laneOf(topic, record);
    this.#left.delete(lane);
    if (stop) this.#stopped.add(lane);
  }

  #known(lane: string, write: StoreWrite, found: Found): Receipt[] | undefined {
    const receipts = write.ids.map((id) => found.receipt(write.user, id));
    const known = receipts.filter((receipt) => receipt !== undefined);
    if (known.length === 0) {
      const isLost = write.ids.length > 0 && write.number < found.floor();
      return isLost ? [lost(write.ids)] : undefined;
    }
    const unknown = write.ids.filter((_, at) => receipts[at] === undefined);
    if (unknown.length === 0) return known;
    // A part of the fold is there already: the rest has to come again by itself.
    this.#stopped.add(lane);
    const message = 'A write that this one was folded with has been answered before: send it again alone.';
    return [...known, { type: 'retry', ids: unknown, code: 'retry', message, after: 0 }];
  }

  #holds(lane: string, { judgedOn }: StoreWrite, current: Row | null): boolean {
    if (judgedOn === undefined) return true;
    const version = current?.[1] ?? null;
    return version === (judgedOn === 'previous' ? this.#left.get(lane) : judgedOn);
  }

  #stop(lane: string, outcome: StoreOutcome): Decision {
    this.#stopped.add(lane);
    return nothing(outcome);
  }

  #carryOut(lane: string, write: StoreWrite, current: Row | null, applied: Applied, head: number): Decision {
    const { ids } = write;
    const record = current?.[0] ?? write.record;
    const by = ids.length ? ids : null;
    const offset = head + 1;
    const before = current?.[2] ?? write.images?.before;
    const images = write.images && before !== undefined && { before };
    switch (applied.type) {
      case 'refused':
        this.#left.delete(lane);
        this.#refused.set(lane, write);
        return { type: 'keep', receipt: applied.receipt };
      case 'unchanged':
        this.#left.set(lane, null);
        return { type: 'keep', receipt: { type: 'applied', ids, offset: head } };
      case 'deleted': {
        this.#left.set(lane, null);
        const receipt = { type: 'applied', ids, offset } as const;
        return {
          type: 'change',
          receipt,
          entry: packed(record, offset, null, null, by),
          attrs: null,
          json: null,
          ...images,
        };
      }
      case 'changed': {
        const { attrs, set, unset, merged } = applied;
        const json = JSON.stringify(attrs);
        if (isLonger(json, write.limit)) {
          this.#left.delete(lane);
          return { type: 'keep', receipt: tooLarge(write) };
        }
        if (merged && !write.foreseen) this.#left.delete(lane);
        else this.#left.set(lane, offset);
        const receipt = {
          type: 'applied',
          ids,
          offset,
          ...(write.asked ? { record } : {}),
          ...(merged && write.hidden
            ? {}
            : effectBeyond(write, attrs, merged ? [...Object.keys(set), ...unset] : [])),
          ...(merged ? { merged } : {}),
        } as const;
        const entry = packed(record, offset, set, unset.length ? unset : null, by);
        return { type: 'change', receipt, entry, attrs, json, ...images };
      }
    }
  }
}

type Unset = Exclude<Entry[3], undefined>;

/** What says nothing at the end of an entry is left out. */
function packed(
  record: Entry[0],
  offset: number,
  set: Entry[2],
  unset: Unset,
  by: readonly MutationId[] | null,
): Entry {
  if (by) return [record, offset, set, unset, by];
  return unset ? [record, offset, set, unset] : [record, offset, set];
}

const nothing = (outcome: StoreOutcome): Decision => ({ type: 'nothing', outcome });

/** Whoever made the record has been told its id, and names it by that. */
const neverMade = ({ ids, topic, record }: StoreWrite): RefusingReceipt => ({
  type: 'gone',
  ids,
  code: 'gone',
  message: `Record ${record} of ${topic} was never made.`,
});

/** A row with such an id would be one that no client can read, and neither the page that it is in. */
const noRecord = ({ topic, record }: StoreWrite) =>
  new MedullaError('bad-message', `A record of ${topic} takes text or a number as its id: found ${record}.`);

export function tooLarge({
  ids,
  topic,
  record,
  limit,
}: Pick<StoreWrite, 'ids' | 'topic' | 'record' | 'limit'>): RefusingReceipt {
  const message = `Record ${record} of ${topic} would be larger than ${limit} bytes, which is the limit: make it smaller.`;
  return { type: 'invalid', ids, code: 'too-large', message };
}
