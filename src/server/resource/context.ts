import type { Json } from '../../base/json.ts';
import type { Attributes } from '../../protocol/attributes.ts';
import type { Row } from '../../protocol/change.ts';
import type { MutationId, RecordId, Topic, UserId } from '../../protocol/ids.ts';
import { laidOn, type Method } from '../../protocol/mutation.ts';
import type { SessionInfo } from './session-info.ts';

/** What somebody wants to do: read a topic or a record, or write. */
export type Action = 'read' | Method;

/** What a context is made from. */
export interface ContextInit {
  readonly method: Action;
  readonly session: SessionInfo;
  readonly topic: Topic;
  readonly params: Readonly<Record<string, string>>;
  readonly record: RecordId | null;
  readonly ids: readonly MutationId[];
  readonly current: Row | null;
  readonly set: Attributes;
  readonly unset: readonly string[];
  readonly query: Attributes | null;
  readonly recordVersion?: number | undefined;
  readonly options?: Attributes | undefined;
}

/** One read or write on its way through middleware and permission. A write may pass there more than once before it is applied. */
export class Context {
  readonly method: Action;
  readonly session: SessionInfo;
  readonly topic: Topic;
  /** What stood in the places of the pattern's `:names`, decoded. */
  readonly params: Readonly<Record<string, string>>;
  /** The record's id; null = the whole topic, or a new record whose id the server gives. */
  readonly record: RecordId | null;
  /** The mutation's own id, then those folded into it: an idempotency key. */
  readonly ids: readonly MutationId[];
  /** What a read asks for; null = everything. */
  readonly query: Attributes | null;
  /** The application's number for the shape of records that the write was made in; 0 = it was given none, and for reads. */
  readonly recordVersion: number;
  /** What the call said on the page beside Backbone's own options, `headers` among it: its author's word, and no more. */
  readonly options: Attributes;
  /** What the write sets and unsets. Middleware may change both: the author is told of it. */
  set: Record<string, Json>;
  unset: string[];
  readonly #current: Row | null;
  #judged = false;

  constructor(init: ContextInit) {
    this.method = init.method;
    this.session = init.session;
    this.topic = init.topic;
    this.params = init.params;
    this.record = init.record;
    this.ids = init.ids;
    this.query = init.query;
    this.recordVersion = init.recordVersion ?? 0;
    this.options = init.options ?? {};
    this.#current = init.current;
    // A copy, so that what middleware changes inside can be told from what was sent.
    this.set = structuredClone(init.set) as Record<string, Json>;
    this.unset = [...init.unset];
  }

  get user(): UserId {
    return this.session.user;
  }

  /** The record as it is, before the write; null = there is none. The write is judged again if it moves meanwhile. */
  get current(): Attributes | null {
    this.#judged = true;
    return this.#current?.[2] ?? null;
  }

  /** The record as it would be after the write; null = there would be none, and for reads. */
  get attrs(): Attributes | null {
    if (this.method === 'read') return null;
    return laidOn(this.current, { method: this.method, set: this.set, unset: this.unset });
  }

  /** Whether anybody has looked at the record. */
  get judged(): boolean {
    return this.#judged;
  }
}
