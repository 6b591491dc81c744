import type { Attributes } from '../protocol/attributes.ts';
import type { Cursor, Entry, Row } from '../protocol/change.ts';
import type { Epoch, MutationId, RecordId, RecordKey, Topic, UserId } from '../protocol/ids.ts';
import type { Method, Mutation } from '../protocol/mutation.ts';
import type { Receipt } from '../protocol/receipt.ts';

/** What happens when a write was made on an older version: see DESIGN section 7. Pure and synchronous: it runs inside the transaction. */
export type ConflictPolicy = 'merge' | 'reject' | ConflictFunction;
export type ConflictFunction = (sides: {
  readonly was: Attributes;
  readonly theirs: Attributes;
  readonly yours: Attributes;
}) => Attributes;

/** A write that has passed middleware, permission and schema, ready to be committed. */
export interface StoreWrite {
  /** The mutation's own id first, then those folded into it; none = published by the server itself. */
  readonly ids: readonly MutationId[];
  readonly user: UserId;
  readonly topic: Topic;
  readonly record: RecordId;
  readonly method: Method;
  readonly set: Attributes;
  readonly unset: readonly string[];
  readonly base: Mutation['base'];
  readonly was: Attributes;
  readonly conflict: ConflictPolicy;
  /** What the client sent, where the server changed it: the receipt tells the difference. */
  readonly sent: { readonly set: Attributes; readonly unset: readonly string[] };
  /** The version that permission was judged on: null = no record; undefined = it was not judged on the record. */
  readonly judgedOn?: number | null;
  /** The receipt number that was current at the first sending; below the floor and unknown = `lost`. */
  readonly number: number;
}

/**
 * What a write came to. `changed` is null where nothing changed (a repeat, a refusal, a delete of nothing). `moved`:
 * the record is not the one that permission was judged on; nothing was done, judge again.
 */
export type StoreOutcome =
  | { readonly type: 'receipt'; readonly receipt: Receipt; readonly changed: StoreChange | null }
  | { readonly type: 'moved' };

export interface StoreChange {
  readonly topic: Topic;
  /** The cursor before and after. */
  readonly from: number;
  readonly cursor: Cursor;
  readonly entry: Entry;
}

/** A refusal that is to be remembered, so that a repeat gets the same answer. */
export interface StoredRefusal {
  readonly user: UserId;
  readonly receipt: Receipt;
}

export interface Page {
  readonly rows: readonly Row[];
  readonly next: RecordKey | null;
}

/**
 * Where the server keeps records, logs and receipts. One contract suite runs over every store. No user code but
 * conflict functions runs inside a transaction.
 */
export interface Store {
  /** Opens or creates; every other method comes after it. */
  open(): Promise<{ readonly epoch: Epoch }>;
  /** The record, or null. */
  read(topic: Topic, key: RecordKey): Promise<Row | null>;
  /** The receipts that are known, by any of the ids. Of mutations below the floor that are not known: `lost`. */
  receipts(
    user: UserId,
    asked: readonly { readonly id: MutationId; readonly number: number }[],
  ): Promise<ReadonlyMap<MutationId, Receipt>>;
  /** One transaction: all the writes in order, each whole or not at all (a savepoint), its receipts first. */
  commit(writes: readonly StoreWrite[]): Promise<readonly StoreOutcome[]>;
  /** Remembers refusals that were decided outside a commit; one that has a receipt already keeps it. Returns what stands. */
  refuse(refusals: readonly StoredRefusal[]): Promise<readonly Receipt[]>;
  /** The topic's head. A topic that nobody has written has offset 0 and an empty mark. */
  head(topic: Topic): Promise<Cursor>;
  /** Live records in the order of their keys, after `after`. */
  page(topic: Topic, after: RecordKey | null, limit: number): Promise<Page>;
  /**
   * What changed after the cursor, one entry a record, ordered by offset, and the cursor reached; null = the cursor
   * does not hold (another epoch, trimmed, or its mark is not the log's).
   */
  log(
    topic: Topic,
    cursor: Cursor,
  ): Promise<{ readonly entries: readonly Entry[]; readonly cursor: Cursor } | null>;
  /** The newest receipt's number. */
  number(): Promise<number>;
  /** Forgets log entries beyond `changes` a topic, and what is older than these instants (milliseconds since 1970). */
  trim(bounds: {
    readonly changes: number;
    readonly logBefore: number;
    readonly receiptsBefore: number;
  }): Promise<void>;
  close(): Promise<void>;
}
