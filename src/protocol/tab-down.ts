import {
  anything,
  either,
  flag,
  list,
  messages,
  nothing,
  number,
  type Of,
  object,
  oneOf,
  optional,
  text,
} from '../base/shape.ts';
import { alias } from './aliases/alias.ts';
import { attributes } from './attributes.ts';
import { row } from './change.ts';
import type { Boot, Topic, UserId } from './ids.ts';
import { note } from './messages/note.ts';
import { mutation, recordId } from './mutation.ts';
import { receipt } from './receipt.ts';

/** `pending`: writes on their way; `rejected`: the server refused one and nobody has decided yet. */
export const recordState = oneOf('clean', 'pending', 'rejected');
export type RecordState = Of<typeof recordState>;

/**
 * How a write stands. `queued`: durable here. `settled`: the server's final word. `failed`: it is not in the outbox
 * and will not be (`code` is an ErrorCode). `state` is the record's, after this; `status` is HTTP's number for it.
 */
export const settlement = messages({
  queued: { n: number },
  settled: { n: number, receipt, state: recordState, status: number },
  failed: { n: number, code: text(), message: text(), status: number },
});
export type Settlement = Of<typeof settlement>;

/** The answer to a read: the rows with pending writes on top. `failed`: there is nothing to answer with. `told`: to an export, an import or a message. */
export const answer = messages({
  rows: {
    request: number,
    rows: list(row),
    source: oneOf('network', 'replica'),
    stale: flag,
    headers: optional(attributes),
  },
  failed: {
    request: number,
    code: text(),
    message: text(),
    status: number,
    /** What the application's refusal says besides. */
    details: optional(anything),
  },
  told: { request: number, told: anything },
});
export type Answer = Of<typeof answer>;

/** A followed record as the hub shows it now, pending writes of all tabs laid on it; `attrs` null = it is not there. */
export const value = object({
  topic: text<Topic>(),
  record: recordId,
  version: number,
  attrs: either(attributes, nothing),
  state: recordState,
  /**
   * The topic has not been caught up by this hub yet: a page may have been shown newer by the one before. What is sure all the same is
   * in these names: what pending writes touch.
   */
  only: optional(list(text())),
  /** The refused write of it that waits for a decision; `status` as in a settlement. */
  refused: optional(object({ mutation, receipt, status: number })),
});
export type Value = Of<typeof value>;

/**
 * `loaded`: there is something to show; `synced`: caught up over the connection that is open now; `refused`: the server
 * does not let it be followed.
 */
export const topicState = object({
  topic: text<Topic>(),
  loaded: flag,
  synced: flag,
  refused: optional(object({ code: text(), message: text() })),
});
export type TopicState = Of<typeof topicState>;

export const status = object({
  connection: oneOf('connecting', 'open', 'waiting', 'closed', 'paused'),
  /** Why it is not open, a code; null where there is nothing to say. */
  reason: either(text(), nothing),
  /** The same as a sentence; the server's own where it gave one. */
  message: either(text(), nothing),
  pending: number,
  rejected: number,
  durable: flag,
  durableReason: either(text(), nothing),
  user: text<UserId>(),
  /** Attempts to connect that have failed since it was last open, the loss of it included. */
  attempts: optional(number),
  /** Milliseconds since 1970, for people to read; nothing depends on it. */
  lastSyncedAt: either(number, nothing),
  /** The newest `recordVersion` that this database has met. */
  recordVersion: optional(number),
});
export type Status = Of<typeof status>;

/** A mutation in the outbox, as the user may see it. */
export const outboxItem = object({
  mutation,
  state: oneOf('queued', 'sent', 'parked', 'rejected'),
  attempts: number,
  receipt: either(receipt, nothing),
});
export type OutboxItem = Of<typeof outboxItem>;

/** The user has given up what was refused, or sent it again with this edit. */
export const decided = object({ mutation, edit: optional(attributes) });
export type Decided = Of<typeof decided>;

/**
 * Attributes of an older shape, that of `from`. `partial`: they are not a record's, but those that a write touches, or
 * what these were before it.
 */
export const piece = object({ topic: text<Topic>(), from: number, partial: flag, attrs: attributes });
export type Piece = Of<typeof piece>;

/** Hub → tab. */
export const tabDown = messages({
  /** Answers hello. The hub holds a Web Lock named `lock` for as long as it lives. `stale`: this tab is of an older release. */
  welcome: { boot: text<Boot>(), protocol: number, stale: flag, lock: text() },
  /** How many messages have arrived on this port. */
  received: { count: number },
  /**
   * Everything else, in one ordered queue with a bounded window of batches in flight: each applied whole, some acknowledged. `n` is the number
   * of the tab's last mutation that these values include. Settlements first, then values, then answers: what a refusal
   * takes back is an unsaved edit of its instance by the time that the value comes.
   */
  batch: {
    batch: number,
    n: number,
    /** Applied before all else, which names these records by their real ids. */
    aliases: optional(list(alias)),
    values: list(value),
    settlements: list(settlement),
    /** Before the values: what is left of it in models is no edit any more. */
    decided: optional(list(decided)),
    answers: list(answer),
    topics: list(topicState),
    /** Items that came or changed, and the ids of those that are gone; only to a tab that watches. */
    outbox: optional(object({ items: list(outboxItem), gone: list(text()) })),
    status: optional(status),
    /** What the server said that is no change: last, so that what it is about is there. */
    messages: optional(list(note)),
  },
  /** The hub needs a token to connect; any tab may answer. */
  authenticate: { request: number },
  /** The hub holds what is older than the shape that this tab knows, and knows no shapes itself. */
  migrate: { request: number, pieces: list(piece) },
  /** Answers a hello with `adopt`: so many writes are this user's now, and durable; or why they are not. */
  adopted: { count: number, failed: optional(object({ code: text(), message: text() })) },
  /** Answers `signOut` where nothing came of it: `left` writes have no receipt, or are refused and not decided. */
  stillSignedIn: { message: text(), left: number },
  /** The user has left this browser, in this tab or another: the hub is no more. */
  signedOut: {},
  /** Another hub has taken over: join it and repeat what is not settled. */
  deposed: {},
  /** Instead of a welcome: this worker cannot be a hub, nor will it be; another kind of host may. `code` is an ErrorCode. */
  failed: { code: text(), message: text() },
});
export type TabDown = Of<typeof tabDown>;
export type Batch = Extract<TabDown, { type: 'batch' }>;
