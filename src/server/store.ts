import type { Random } from '../base/random.ts';
import type { Attributes } from '../protocol/attributes.ts';
import type { Cursor, Entry, Row } from '../protocol/change.ts';
import type { Epoch, Mark, MutationId, RecordId, RecordKey, Topic, UserId } from '../protocol/ids.ts';
import type { Method, Mutation } from '../protocol/mutation.ts';
import type { Receipt, RefusingReceipt } from '../protocol/receipt.ts';

/**
 * What happens when a write was made on an older version. `merge` (the default): the last writer wins, attribute by
 * attribute. `reject`: where an attribute that it touches is not what its author had seen, the write is refused.
 */
export type ConflictPolicy<A extends object = Attributes> = 'merge' | 'reject' | ConflictFunction<A>;

/**
 * Merges by itself: returns the record's attributes. All three sides are whole: `was` is `theirs` with what the
 * author had seen in the touched attributes, `yours` is what the author made of that. Pure and synchronous: it runs
 * inside the transaction; one that throws has the write tried again later.
 */
export type ConflictFunction<A extends object = Attributes> = (sides: {
  readonly was: A;
  readonly theirs: A;
  readonly yours: A;
}) => A;

/** Six characters, some 36 bits: two logs hardly ever have the same at the same offset. */
export const newMark = (random: Random): Mark => random.id().slice(0, 6) as Mark;

/** A write that has passed middleware, permission and schema, ready to be committed. */
export interface StoreWrite {
  /** The mutation's own id first, then those folded into it; none = published by the server itself. */
  readonly ids: readonly MutationId[];
  readonly user: UserId;
  readonly topic: Topic;
  /** Those of one batch stand one behind the other, and are committed together or not at all. */
  readonly batch?: MutationId;
  /** A temporary one in a create: the store gives it the topic's next integer, which no record of it has ever had. */
  readonly record: RecordId;
  /** Its author left the id to the server: the receipt tells it. */
  readonly asked?: boolean;
  readonly method: Method;
  readonly set: Attributes;
  readonly unset: readonly string[];
  readonly base: Mutation['base'];
  readonly was: Attributes;
  readonly conflict: ConflictPolicy;
  /** What the client sent, where the server changed it: the receipt tells the difference. */
  readonly sent: { readonly set: Attributes; readonly unset: readonly string[] };
  /**
   * The version that it was judged on: null = no record; 'previous' = what the write before it in its lane in this
   * commit leaves behind; undefined = it was not judged on the record.
   */
  readonly judgedOn?: number | null | 'previous';
  /** What its conflict function has made of just that: the next of its batch was judged on it. */
  readonly foreseen?: Attributes;
  /** It was carried out elsewhere: `set` is the whole record as it is there now, whatever was told of it, and so is a delete. */
  readonly elsewhere?: true;
  /** The change is kept, and told, with what the record was before it: not everybody may see each record. `before`: what it was if it is not here; undefined = nobody knows. */
  readonly images?: { readonly before: Attributes | null | undefined };
  /** Its author may not see the record: no receipt tells what is in it. */
  readonly hidden?: boolean;
  /** Those who follow are not told of it as it happens: no concern of a store's. */
  readonly silent?: boolean;
  /** Bytes of JSON that the record may have afterwards. */
  readonly limit: number;
  /** The receipt number that was current at the first sending; below the floor and unknown = `lost`. */
  readonly number: number;
}

/**
 * What a write came to. `receipts`: the word on it, `changed` null where nothing changed (a repeat, a refusal, a
 * delete of nothing). `moved`: the record is not the one that it was judged on, or a write before it in its lane
 * has moved or failed; nothing was done, judge again. `failed`: nothing was done, try again later.
 */
export type StoreOutcome =
  | { readonly type: 'receipts'; readonly receipts: readonly Receipt[]; readonly changed: StoreChange | null }
  | { readonly type: 'moved' }
  | { readonly type: 'failed'; readonly error: unknown };

export interface StoreChange {
  readonly topic: Topic;
  /** The cursor before and after; `since`: the mark before. */
  readonly from: number;
  readonly since: Mark;
  readonly cursor: Cursor;
  readonly entry: Entry;
  /** The record before it, null = there was none; only where the write asked for `images`. */
  readonly before?: Attributes | null;
}

/** What changed after a cursor, and the cursor reached. */
export interface Missed {
  /** One a record, ordered by offset. */
  readonly entries: readonly Entry[];
  readonly cursor: Cursor;
  /**
   * What these records were before each of their changes since, in order; null = there was none. Of a record that is not in it that is not known: a
   * write to it did not ask for `images`.
   */
  readonly images?: ReadonlyMap<RecordKey, readonly (Attributes | null)[]>;
}

/** A refusal that is to be remembered, so that a repeat gets the same answer. */
export interface StoredRefusal {
  readonly user: UserId;
  readonly receipt: RefusingReceipt;
}

export interface Page {
  readonly rows: readonly Row[];
  readonly next: RecordKey | null;
}

/** A page ends with the row that reaches one of these. `bytes` of JSON. */
export interface PageBounds {
  readonly rows: number;
  readonly bytes: number;
}

/** `topics` that have ever been written, entries of all their logs, receipts that are kept, bytes on the disk (0 = none). */
export interface StoreSize {
  readonly topics: number;
  readonly log: number;
  readonly receipts: number;
  readonly bytes: number;
}

/** What may be forgotten. Instants are milliseconds since 1970. */
export interface TrimBounds {
  /** How many log entries a topic keeps, and since when. */
  readonly log: (topic: Topic) => { readonly changes: number; readonly before: number };
  readonly receiptsBefore: number;
}

/**
 * Where the server keeps records, logs and receipts. One contract suite runs over every store. No user code but
 * conflict functions runs inside a transaction. `at` is the instant of a write, milliseconds since 1970, for `trim`.
 */
export interface Store {
  /** Opens or creates; every other method comes after it. May be called again after `close`. */
  open(): Promise<{ readonly epoch: Epoch }>;
  /** The records asked for, in that order; null = there is none. The caller may keep and change them. */
  read(
    asked: readonly { readonly topic: Topic; readonly key: RecordKey }[],
  ): Promise<readonly (Row | null)[]>;
  /**
   * The receipts that are known, by id, each for its one id; what was applied is a `duplicate`. Of mutations below
   * the floor that are not known: `lost`.
   */
  receipts(
    user: UserId,
    asked: readonly { readonly id: MutationId; readonly number: number }[],
  ): Promise<ReadonlyMap<MutationId, Receipt>>;
  /** One transaction: all the writes in order, each whole or not at all, each batch too; one outcome for each. */
  commit(writes: readonly StoreWrite[], at: number): Promise<readonly StoreOutcome[]>;
  /** Remembers refusals that were decided outside a commit; an id that has a receipt keeps it. Returns what stands. */
  refuse(refusals: readonly StoredRefusal[], at: number): Promise<readonly (readonly Receipt[])[]>;
  /** The topic's head. A topic that nobody has written has offset 0 and an empty mark. */
  head(topic: Topic): Promise<Cursor>;
  /** The heads of these topics, in that order, by one query: nodes look whether they have missed something. */
  heads(topics: readonly Topic[]): Promise<readonly Cursor[]>;
  /** Live records in the order of their keys, after `after`; `next` null = these were the last. */
  page(topic: Topic, after: RecordKey | null, bounds: PageBounds): Promise<Page>;
  /**
   * What changed after the cursor; null = it does not hold (another epoch, trimmed, or its mark is not the log's), or
   * what is told, or read for it, is more than `most` bytes, roughly: no more than that is taken into memory.
   */
  log(topic: Topic, cursor: Cursor, most?: number): Promise<Missed | null>;
  /** The newest receipt's number. */
  number(): Promise<number>;
  trim(bounds: TrimBounds): Promise<void>;
  /** How much there is, for metrics. It must be quick however much that is; a store may leave it out. */
  size?(): Promise<StoreSize>;
  close(): Promise<void>;
}
