import type { Json } from '../../base/json.ts';
import type { Attributes } from '../../protocol/attributes.ts';
import type { Row } from '../../protocol/change.ts';
import type { MutationId, RecordId, Topic, UserId } from '../../protocol/ids.ts';
import { laidOn, type Method } from '../../protocol/mutation.ts';
import type { SessionInfo } from './session-info.ts';
import type { Sent } from './typing.ts';

/** What somebody wants to do: read a topic or a record, or write. */
export type Action = 'read' | Method;
/** An action, or a method of the application's own. */
export type Doing = Action | (string & {});

/** What a context is made from; what is left out is empty, or null. */
export interface ContextInit {
  readonly method: Doing;
  readonly session: SessionInfo;
  readonly topic: Topic;
  readonly params: Readonly<Record<string, string>>;
  readonly record: RecordId | null;
  readonly ids?: readonly MutationId[];
  readonly current?: Row | null;
  readonly set?: Attributes;
  readonly unset?: readonly string[];
  readonly query?: Attributes | null;
  readonly recordVersion?: number | undefined;
  readonly options?: Attributes | undefined;
  readonly content?: Json;
}

/** One read or write on its way through middleware and permission. A write may pass there more than once before it is applied. */
export class Context<A extends object = Attributes, P extends object = Readonly<Record<string, string>>> {
  readonly method: Doing;
  readonly session: SessionInfo;
  readonly topic: Topic;
  /** What stood in the places of the pattern's `:names`, decoded. */
  readonly params: P;
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
  /** What came with a method of the application's own; null = nothing, and for reads and writes. */
  readonly content: Json;
  /**
   * What such a method answers, what came with it where nobody says; and what a read does in the store's place: a record with its `id`, or a list.
   * Of what is followed that is the beginning: it goes on with what is written to the store.
   */
  answer: unknown;
  /** The id of a new record that its author left to the server (`record` is null); the resource's own rule where it is not set. */
  id: RecordId | undefined;
  /** What the write sets and unsets. Middleware may change both: the author is told of it. */
  set: Sent<A>;
  unset: string[];
  readonly #current: Row | null;
  #judged = false;
  #isSilent = false;
  readonly #notified = new Set<Topic>();

  constructor(init: ContextInit) {
    this.method = init.method;
    this.session = init.session;
    this.topic = init.topic;
    this.params = init.params as P;
    this.record = init.record;
    this.ids = init.ids ?? [];
    this.query = init.query ?? null;
    this.recordVersion = init.recordVersion ?? 0;
    this.options = init.options ?? {};
    this.content = init.content ?? null;
    this.#current = init.current ?? null;
    // A copy, so that what middleware changes inside can be told from what was sent.
    this.set = (init.set ? structuredClone(init.set) : {}) as Sent<A>;
    this.unset = [...(init.unset ?? [])];
  }

  get user(): UserId {
    return this.session.user;
  }

  /** The record as it is, before the write; null = there is none. The write is judged again if it moves meanwhile. */
  get current(): A | null {
    this.#judged = true;
    return (this.#current?.[2] ?? null) as A | null;
  }

  /** The record as it would be after the write; null = there would be none, and for reads. */
  get attrs(): Readonly<Sent<A>> | null {
    const { method, set, unset } = this;
    if (!isWrite(method)) return null;
    const laid = laidOn(this.current as Attributes | null, { method, set: set as Attributes, unset });
    return laid as Readonly<Sent<A>> | null;
  }

  /**
   * Nobody is told of this write as it happens but its author. It is in the log all the same: who hears of the topic's next
   * change, follows it anew or reads it, has it.
   */
  silent(): this {
    this.#isSilent = true;
    return this;
  }

  /**
   * Once this is done those others who follow the topics hear of it, whatever is in there: their pages' 'message' of type 'synced',
   * with `{topic, method, model}`. Without topics: those who follow this one.
   */
  notify(...topics: readonly string[]): this {
    for (const topic of topics.length > 0 ? topics : [this.topic]) this.#notified.add(topic as Topic);
    return this;
  }

  get isSilent(): boolean {
    return this.#isSilent;
  }

  get notified(): ReadonlySet<Topic> {
    return this.#notified;
  }

  /** Whether anybody has looked at the record. */
  get judged(): boolean {
    return this.#judged;
  }
}

const isWrite = (method: Doing): method is Method =>
  method === 'create' || method === 'update' || method === 'patch' || method === 'delete';
