import { either, list, nothing, number, object, optional, type Shape, text } from '../base/shape.ts';
import type { Alias } from '../protocol/aliases/alias.ts';
import type { Image } from '../protocol/attributes.ts';
import { type Cursor, cursor } from '../protocol/change.ts';
import type { Boot, RecordId, RecordKey, Topic } from '../protocol/ids.ts';
import { type Mutation, mutation } from '../protocol/mutation.ts';
import { type Receipt, receipt } from '../protocol/receipt.ts';

/** A mutation in the outbox, as it is kept. `order` is the hub's order of acceptance, the key. */
export interface OutboxRow {
  readonly order: number;
  readonly mutation: Mutation;
  /** The receipt number that was current when it was first sent; null = it was never sent. */
  readonly number: number | null;
  /** A refusing receipt: the mutation waits for the user's decision. An effect: it waits for its offset. */
  readonly receipt: Receipt | null;
  readonly attempts: number;
  /** What is not kept and was before it in its lane: the server may have it. */
  readonly behind?: readonly Mutation[];
}

export const outboxRow: Shape<OutboxRow> = object({
  order: number,
  mutation,
  number: either(number, nothing),
  receipt: either(receipt, nothing),
  attempts: number,
  behind: optional(list(mutation)),
});

/** A confirmed record in the replica. */
export interface ReplicaRow extends Image {
  readonly topic: Topic;
  readonly key: RecordKey;
  /** The application's number for the shape that it has; absent = 0. */
  readonly recordVersion?: number;
}

/** A topic that the replica holds whole, up to its cursor. `syncedAt`: milliseconds since 1970. */
export interface TopicRow {
  readonly topic: Topic;
  readonly cursor: Cursor;
  readonly syncedAt: number;
}

/** The id that the server gave a record, in the place of a temporary one. A temporary id sorts by its making. */
export type AliasRow = Alias;

/** What a sign-out leaves. `signedOut`: until a tab signs the user in again. `upTo`: the orders that wait until the server has named them. */
export interface SealRow {
  readonly signedOut: boolean;
  readonly upTo: number;
}

/** Which records the server answered a query with, in its order; the records themselves are in the replica. */
export interface QueryRow {
  readonly topic: Topic;
  /** The query as a text: the same for the same query, whatever the order of its names. */
  readonly query: string;
  readonly records: readonly RecordId[];
  /** Later answers of the topic have greater ones. */
  readonly order: number;
}

export const topicRow: Shape<TopicRow> = object({ topic: text<Topic>(), cursor, syncedAt: number });

/** One step of a transaction. */
export type Op =
  | { readonly type: 'putMutation'; readonly row: OutboxRow }
  | { readonly type: 'deleteMutation'; readonly order: number }
  | { readonly type: 'putRecord'; readonly row: ReplicaRow }
  | { readonly type: 'deleteRecord'; readonly topic: Topic; readonly key: RecordKey }
  | { readonly type: 'putTopic'; readonly row: TopicRow }
  | { readonly type: 'putQuery'; readonly row: QueryRow }
  | { readonly type: 'deleteQuery'; readonly topic: Topic; readonly query: string }
  /** Forgets the topic: its row, its queries and all its records. */
  | { readonly type: 'clearTopic'; readonly topic: Topic }
  /** What is written from now on has this shape; never less than before. */
  | { readonly type: 'putRecordVersion'; readonly recordVersion: number }
  | { readonly type: 'putAlias'; readonly row: AliasRow }
  | { readonly type: 'deleteAlias'; readonly temporary: RecordKey }
  /**
   * Forgets all topics, queries and records, and the outbox with its aliases too where that is said. A commit that
   * begins with such a one also takes a database again that somebody emptied: what the hub has in memory follows.
   */
  | { readonly type: 'erase'; readonly outbox: boolean }
  /** Null = there is none. */
  | { readonly type: 'putSeal'; readonly seal: SealRow | null }
  /** Null = there is none. It goes with an `erase`. */
  | { readonly type: 'putToken'; readonly token: string | null };

/** What a hub finds when it starts. `outbox` in order, `aliases` in that of their temporary ids. */
export interface Opened {
  readonly generation: number;
  readonly outbox: readonly OutboxRow[];
  readonly topics: readonly TopicRow[];
  /** The newest that was put; absent = none. */
  readonly recordVersion?: number;
  readonly aliases: readonly AliasRow[];
  /** Absent = there is none. */
  readonly seal?: SealRow;
  /** What the application had kept to be known by; absent = nothing. */
  readonly token?: string;
  /** What was in the outbox and cannot be read, as it was found. */
  readonly aside?: readonly unknown[];
}

/** What is kept of a topic. `row` null = the records are not the whole topic. */
export interface KeptTopic {
  readonly row: TopicRow | null;
  readonly records: readonly ReplicaRow[];
}

/** `blocked`: somebody's old connection keeps the database from opening. `broken`: somebody closed it, to upgrade it or to delete it, or another hub has opened it. */
export type StorageNews = 'blocked' | 'broken';

/**
 * The browser's database of one user. All rejections are StorageErrors. A write that was resolved survives a crash.
 * Every writing transaction checks that `boot` is still the one in the generation row; where it is not, it writes
 * nothing and rejects with 'deposed', as all that come after it do.
 */
export interface Storage {
  /** Takes the next generation for this boot and reads what there is, in one transaction. */
  open(boot: Boot, protocol: number, told?: (news: StorageNews) => void): Promise<Opened>;
  /** A topic, its records in the order of their keys. What cannot be read counts as not kept. */
  records(topic: Topic): Promise<KeptTopic>;
  /** The queries of a topic whose answers are kept, in any order. */
  queries(topic: Topic): Promise<readonly QueryRow[]>;
  /** One atomic transaction, the steps in order. `strict` asks for a flush to the disk. */
  commit(ops: readonly Op[], durability: 'strict' | 'relaxed'): Promise<void>;
  /** Idempotent; what is under way may still finish. */
  close(): void;
}

/**
 * `refused`: no database to be had. `corrupt`: it does not open. `blocked`: an old page's connection keeps it from
 * opening. `silent`: it does not answer. `full`: no room. `closed`: the connection broke; open again. `emptied`:
 * somebody deleted what was in it. `newer`: a newer protocol's.
 */
export type StorageFault =
  | 'refused'
  | 'corrupt'
  | 'blocked'
  | 'silent'
  | 'full'
  | 'closed'
  | 'emptied'
  | 'deposed'
  | 'newer'
  | 'failed';

export class StorageError extends Error {
  override readonly name = 'StorageError';
  readonly fault: StorageFault;

  constructor(fault: StorageFault, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.fault = fault;
  }
}
