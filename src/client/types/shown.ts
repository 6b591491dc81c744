/** The status and the outbox, as the application's own Backbone types its models and collections. */
import type { Mutation } from '../../protocol/mutation.ts';
import type { OutboxItem } from '../../protocol/tab-down.ts';
import type { BackboneLike, Hash } from '../backbone.ts';
import type { StatusAttributes } from '../status.ts';

/** A class's instances, whatever types its Backbone has. */
export type Made<C, Otherwise> = C extends abstract new (...args: never[]) => infer T ? T : Otherwise;

/** What reads like a Backbone model of these attributes. */
export interface Reading<A extends object> {
  readonly attributes: Readonly<A>;
  get<N extends keyof A & string>(name: N): A[N];
  toJSON(): A & Hash;
}

/** What `medulla.outbox` holds of a mutation; of a batch, those of its first, and all of them as `mutations`. */
export interface OutboxAttributes extends Mutation, Omit<OutboxItem, 'mutation'> {
  readonly mutations?: readonly Mutation[];
}

/** A mutation on its way, or one that was refused. */
export interface OutboxEntry extends Reading<OutboxAttributes> {
  /** Sends it again as a new mutation, with `edit` laid on what it set. */
  retry(edit?: Hash): unknown;
  discard(): unknown;
  /** It as JSON. */
  export(): Hash;
}

/** What reads like a Backbone collection of these. */
export interface List<Item> {
  readonly length: number;
  readonly models: readonly Item[];
  at(index: number): Item | undefined;
  get(id: string): Item | undefined;
  each(fn: (item: Item, index: number) => unknown): unknown;
  map<R>(fn: (item: Item, index: number) => R): R[];
  filter(fn: (item: Item, index: number) => unknown): Item[];
  find(fn: (item: Item, index: number) => unknown): Item | undefined;
  export(): Hash[];
}

export type StatusOf<B extends BackboneLike> = Reading<StatusAttributes> & Made<B['Model'], unknown>;
export type OutboxOf<B extends BackboneLike> = List<OutboxEntry & Made<B['Model'], unknown>> &
  Made<B['Collection'], unknown>;
