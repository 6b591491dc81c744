import {
  anything,
  either,
  flag,
  list,
  nothing,
  number,
  type Of,
  object,
  optional,
  text,
} from '../base/shape.ts';
import { attributes } from './attributes.ts';
import { cursor } from './change.ts';
import type { MutationId, RecordKey, Topic, UserId } from './ids.ts';
import { addressee } from './messages/addressee.ts';
import { mutation, recordId } from './mutation.ts';

/** Hub → server: what the hub says when it connects. `device` names the browser's database, for logs. */
export const handshake = object({
  protocol: number,
  user: text<UserId>(),
  token: either(text(), nothing),
  device: text(),
});
export type Handshake = Of<typeof handshake>;

/**
 * A mutation on its way: `also` holds the ids of those that were folded into it, in order; `number` is the receipt
 * number that was current when it was first sent.
 */
export const sent = object({ mutation, also: list(text<MutationId>()), number });
export type Sent = Of<typeof sent>;

/** Hub → server, each an event of this name that is acknowledged with the answer of the same name in server-down. */
export const requests = {
  push: object({ user: text<UserId>(), mutations: list(sent) }),
  /** `live` = send changes from now on; else once. Also asks for what is missing: it may be repeated at any time. */
  follow: object({
    topics: list(
      object({
        topic: text<Topic>(),
        cursor: either(cursor, nothing),
        live: flag,
        options: optional(attributes),
      }),
    ),
  }),
  /** The page of a snapshot after the record `after`, of the snapshot that was begun at `at`. */
  page: object({ topic: text<Topic>(), at: cursor, after: text<RecordKey>() }),
  release: object({ topic: text<Topic>() }),
  /** One record, or those that match a query; not followed. `options`: as in a mutation. */
  read: object({
    topic: text<Topic>(),
    record: optional(recordId),
    query: optional(attributes),
    options: optional(attributes),
  }),
  withdraw: object({ user: text<UserId>(), ids: list(text<MutationId>()) }),
  /** What is no change, and nobody keeps. */
  message: object({ content: anything, to: optional(addressee) }),
};
export type Requests = { readonly [K in keyof typeof requests]: Of<(typeof requests)[K]> };
export type RequestName = keyof Requests;
