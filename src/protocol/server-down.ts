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
  optional,
  text,
} from '../base/shape.ts';
import { attributes } from './attributes.ts';
import { changes, cursor, liveChanges, row } from './change.ts';
import type { Epoch, RecordKey, Topic, UserId } from './ids.ts';
import { note } from './messages/note.ts';
import { receipt } from './receipt.ts';

/** What the server takes: mutations a push, bytes of JSON a message and a record, topics a connection. */
export const limits = object({ batch: number, bytes: number, record: number, topics: number });
export type Limits = Of<typeof limits>;

/**
 * Server → hub, the first thing on a new connection. `number` is the receipt number that is current. `live` false: it tells of no
 * changes, and what is followed is asked for again with each read.
 */
export const welcome = object({
  protocol: number,
  user: text<UserId>(),
  node: text(),
  number,
  limits,
  live: optional(flag),
});
export type Welcome = Of<typeof welcome>;

const refused = { code: text(), message: text() };

/** What an answer said beside its content, names in lower case. */
const headers = optional(attributes);

/** How a follow begins. `snapshot`: the first page; `next` null = it is the only one. */
export const followed = messages({
  changes: { topic: text<Topic>(), changes, headers },
  snapshot: {
    topic: text<Topic>(),
    cursor,
    rows: list(row),
    next: either(text<RecordKey>(), nothing),
    headers,
  },
  denied: { topic: text<Topic>(), ...refused },
});
export type Followed = Of<typeof followed>;

/** Answers to the requests of server-up, by name. */
export const answers = {
  push: object({ receipts: list(receipt), number }),
  follow: object({ topics: list(followed) }),
  page: object({ rows: list(row), next: either(text<RecordKey>(), nothing) }),
  release: object({}),
  /** `epoch`: the life of the database that it is from. */
  read: object({ rows: list(row), epoch: optional(text<Epoch>()), headers }),
  withdraw: object({ receipts: list(receipt) }),
  message: object({ answer: anything }),
};
export type Answers = { readonly [K in keyof typeof answers]: Of<(typeof answers)[K]> };

/** In place of any answer: the request was not carried out; `code` is an ErrorCode. */
export const refusedAnswer = object({
  refused: object({ ...refused, after: optional(number), details: optional(anything) }),
});
export type RefusedAnswer = Of<typeof refusedAnswer>;

/** Server → hub, unasked, each an event of this name, but for changes: see live. `denied`: a followed topic may not be followed any more. */
export const events = {
  welcome,
  changes: liveChanges,
  denied: object({ topic: text<Topic>(), ...refused }),
  message: note,
  /** The server is about to hang up, and wants nobody back before so many milliseconds. */
  leaving: object({ after: number }),
};
export type ServerEvents = { readonly [K in keyof typeof events]: Of<(typeof events)[K]> };
