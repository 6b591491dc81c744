import type { Attributes } from '../protocol/attributes.ts';
import type { BackboneLike, Hash, Sync } from './backbone.ts';
import type { BatchOptions } from './batch/batches.ts';
import type { Batched } from './batch/outcome-of.ts';
import type { Failure } from './calls/request.ts';
import type { Conflict } from './models/conflicts.ts';
import type { FollowOptions } from './models/follower.ts';
import type { AttributesOf } from './types/attributes-of.ts';
import type { Heard } from './types/medulla-events.ts';
import type { OutboxOf, StatusOf } from './types/shown.ts';
import type { UserName } from './users/user-option.ts';
import type { SignInOptions, SignOutOptions } from './users/users.ts';

export interface ModelState<A extends object = Attributes> {
  readonly state: 'clean' | 'pending' | 'rejected' | 'conflict';
  /** The attributes that differ from what this instance and the hub last agreed on. */
  readonly changed: readonly (keyof A & string)[];
  /** The last refusal, until a later write is applied or what was refused is discarded. */
  readonly error: Failure | null;
  /** What others have changed that was changed here too, until that is saved or discarded. */
  readonly conflict: Conflict<A> | null;
}

export interface CollectionState {
  /** There is something to show. */
  readonly loaded: boolean;
  /** Caught up over the connection that is open now. */
  readonly synced: boolean;
  /** Loaded, but it may have missed something. */
  readonly stale: boolean;
}

/** How a model stands, or a collection; of what has no type, either. */
export type StateOf<T> = 0 extends 1 & T
  ? ModelState & CollectionState
  : T extends { readonly models: unknown }
    ? CollectionState
    : ModelState<AttributesOf<T>>;

/** Whom a message is for that is not for the server at large: a method that its resource names in `methods`. */
export interface Addressed {
  readonly topic: string;
  readonly method: string;
  /** Missing: it is about the whole topic. */
  readonly record?: string | number;
  /** Whatever the method is to know beside the content; it is its `ctx.options`. */
  readonly options?: object;
}

/** What an import took. */
export interface Imported {
  /** The ids of the writes that are in the outbox now and were not before. */
  readonly taken: readonly string[];
  /** Those of the writes that were there already. */
  readonly known: readonly string[];
  /** Whether they are on the disk: otherwise `status` says why not. */
  readonly durable: boolean;
}

/**
 * The bridge between a Backbone and the hub. It has Backbone's events: 'error' (request, model) for every failure,
 * 'conflict' (model, conflict) when others have changed what is edited here, 'signin' and 'signout' (user), 'message' (type, content) when the server says what is no change, 'stale' when a newer page has been here, of a newer protocol or `recordVersion`: a reload is due.
 */
export interface Medulla<B extends BackboneLike = BackboneLike> extends Heard<B> {
  /** Stands in for `Backbone.sync` on a class, an instance, or by `install`. */
  readonly sync: Sync;
  /** connection reason pending rejected durable durableReason user lastSyncedAt host hostReason stale recordVersion. */
  readonly status: StatusOf<B>;
  /**
   * The mutations on their way and the rejected ones, each with `retry(edit?)`, `discard()` and `export()`; kept up to date
   * from its first use on. A batch is one item: its first mutation's, with all of them as `mutations`.
   */
  readonly outbox: OutboxOf<B>;
  readonly isOpen: boolean;
  /** Resolves at the first connection to the server, rejects at the first failure. */
  readonly ready: Promise<void>;
  /** Replaces `Backbone.sync`; the stock one is `Backbone.ajaxSync` then. */
  install(): Medulla<B>;
  uninstall(): Medulla<B>;
  /** Keeps a model or collection up to date until `release`, its destroy, or `until`. */
  follow<T>(target: T & object, options?: FollowOptions<T>): Medulla<B>;
  release(target: object): Medulla<B>;
  /**
   * Runs `fn`, which has to be synchronous: what is saved and destroyed meanwhile is applied together or not at all, also
   * when it is sent later. Each call has its own answer too. Resolves with status 200 when all is applied, or 202 when all
   * is durably queued, without a connection or after `patience`; rejects with why the one was refused that was to blame.
   * Where `fn` throws, nothing is sent: the calls fail with 'abort', and what it has set stays as unsaved edits. A batch
   * within a batch belongs to it.
   */
  batch(fn: () => unknown, options?: BatchOptions): Promise<Batched>;
  /** `follow` in Backbone.WS's form. */
  bind<T>(target: T & object, events?: FollowOptions<T>['events']): Medulla<B>;
  unbind(target: object): Medulla<B>;
  bindBackend(target: object): Medulla<B>;
  stateOf<T>(target: T & object): StateOf<T>;
  /** Resolves when the outbox holds nothing that is on its way; what is rejected does not count. */
  flush(): Promise<void>;
  /**
   * All that is in the outbox, as JSON to be saved as a file: what is on its way, and what was refused; in memory or on
   * the disk, with a connection or without. Rejects where there is no hub, or Medulla is closed.
   */
  export(): Promise<readonly Hash[]>;
  /**
   * Takes what was exported into the outbox, in this browser or in another of the same user: all of it or nothing. Each
   * write keeps its id: what is here, on its way or applied already has no second effect. Rejects with 'bad-message',
   * which names the item, or with 'wrong-user'.
   */
  import(items: readonly object[]): Promise<Imported>;
  /**
   * Tells the server what is no change of a record, as JSON. It waits for a connection in memory, and ends with this page:
   * what must arrive is a model's to save. Resolves with what the server's listener of 'message' answers, null where there
   * is none; with `to`, what the resource's own `method` there does. Rejects with the server's code, or with 'unreachable' where
   * the connection was lost before the answer: nobody knows then whether it came. Where the hub dies meanwhile it may come twice.
   */
  send(content?: unknown, to?: Addressed): Promise<unknown>;
  /**
   * Leaves the present user's hub and joins that of `user`. Live requests end with 'abort'; what was handed over stays
   * the former user's. What is followed is released, and its collections are emptied: fetch anew, on 'signin'. Resolves
   * at the hub, whether or not there is a server; with `adopt`, when what nobody in particular wrote is this user's.
   */
  signIn(user: UserName, options?: SignInOptions): Promise<void>;
  /**
   * The user leaves this browser, in all tabs: their records are erased, requests and follows end, 'signout' is triggered.
   * `outbox`: 'flush' (the default) waits up to `timeout` (10000 ms) for the outbox to be empty, and else rejects with
   * `unsent` and the count `left`, and nothing has changed. 'keep' seals it until the same user is back; 'discard'
   * erases it.
   */
  signOut(options?: SignOutOptions): Promise<void>;
  /** Takes the hub's line to the server down, for all tabs, until `reconnect`. */
  disconnect(): Medulla<B>;
  reconnect(): Medulla<B>;
  /** Leaves the hub: live requests end with 'abort', what was handed over goes on. */
  close(): Medulla<B>;
  /** Joins the hub again after `close`. */
  open(): Medulla<B>;
}
