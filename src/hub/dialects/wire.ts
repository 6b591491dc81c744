import type { Json } from '../../base/json.ts';
import type { Attributes } from '../../protocol/attributes.ts';
import type { MutationId, RecordId, Topic, UserId } from '../../protocol/ids.ts';
import type { Addressee } from '../../protocol/messages/addressee.ts';
import type { Method } from '../../protocol/mutation.ts';
import type { Hello, LinkEnd } from '../connection.ts';

/**
 * How a server is spoken to that knows nothing of Medulla: what goes over the wire, and what comes back. A wire knows no
 * outbox and no replica; it makes one attempt and reports, and may keep between two links what helps with the next.
 */
export interface Wire {
  /** Starts one attempt. `listener` hears of `opened` at most once and of `closed` exactly once, never during the call. */
  connect(hello: Hello, listener: WireListener): WireLink;
  /** False: it knows no patches, and a patch is an update with the whole record. */
  readonly patches?: boolean;
  /** False: one record alone is not asked for. What is written is laid on what its author had seen, as stock Backbone does it. */
  readonly reads?: boolean;
}

export interface WireListener {
  /** `user`: whom the server knows, where it says so; by default whoever asked. */
  opened(user?: UserId): void;
  closed(end: LinkEnd): void;
  /** A record has changed at the server, which tells so unasked. */
  changed(change: WireChange): void;
  /** Something of the topic may have changed, of whatever record: it is read again where it is followed. */
  stale(topic: Topic): void;
  /** Anything else that came. */
  message(type: string, content: Json | undefined): void;
}

/** `attrs`: null = it is deleted. `whole`: these are all that it has; else what is not named stays as it was. */
export interface WireChange {
  readonly topic: Topic;
  readonly record: RecordId;
  readonly attrs: Attributes | null;
  readonly whole: boolean;
}

export interface WireLink {
  /**
   * What the server answers. Rejects with a MedullaError whose code says how things stand: `unreachable` = the link is gone,
   * and nobody knows whether it was done; `timeout` = the same of this call alone; `retry` and `rate` = nothing was done, later it may be; `unauthorized`; any other =
   * refused for good. Its details may be a WireRefusal.
   */
  call(call: WireCall): Promise<WireAnswer>;
  /** Nobody waits for its answer any more. */
  leave?(call: WireCall): void;
  /** The changes of this topic are wanted, before it is read. Missing: this wire tells of none. */
  readonly follow?: ((topic: Topic, options: Attributes) => void | Promise<void>) | undefined;
  release?(topic: Topic): void;
  /** A method of the application's own, of a topic or of a record; resolves with its answer. */
  readonly ask?: ((to: Addressee, content: Json) => Promise<Json>) | undefined;
  /** Sends what is no call. */
  send?(content: Json): void;
  /** Idempotent. `closed` follows with `lost`, unless it was told already. Calls without an answer may stay so. */
  close(): void;
}

export interface WireCall {
  readonly method: Method | 'read';
  readonly topic: Topic;
  /** Null = the topic as a whole, or a create of which the server gives the id. */
  readonly record: RecordId | null;
  /**
   * Of a write: what goes over the wire, under the id that the topic's records have there; of a patch what it changes. Null = a
   * read or a delete.
   */
  readonly attrs: Attributes | null;
  /** Of a delete: what is known of the record, in the same form. */
  readonly was: Attributes | null;
  /** What the topic's records call their id. */
  readonly idAttribute: string;
  readonly query: Attributes | null;
  /** What the call said beside Backbone's own options; headers as `headers`. */
  readonly options: Attributes;
  /** Of a write: the same each time that it is tried. */
  readonly key: MutationId | null;
}

export interface WireAnswer {
  /** A record's attributes, a list of them, or null. */
  readonly content: Json;
  /** What the answer said beside it, names in lower case. */
  readonly headers?: { readonly [name: string]: string };
}

/** What the server said where it refused something, in its own words. */
export interface WireRefusal {
  readonly code?: string;
  /** HTTP's number. */
  readonly status?: number;
  /** Milliseconds to wait, of `retry` and `rate`. */
  readonly after?: number;
  /** Its answer as it came. */
  readonly body?: Json;
  readonly headers?: WireAnswer['headers'];
}
