import type { Topic } from '../../protocol/ids.ts';
import type { Collection, Hash, Model } from '../backbone.ts';
import type { AttributesOf, ModelOf } from '../types/attributes-of.ts';
import type { Where } from '../views/view.ts';

export type Change = 'create' | 'update' | 'delete';

type Told<T = unknown> = ((model: ModelOf<T>, options: Hash) => unknown) | string | true;

/** `T`: who follows. */
export interface FollowOptions<T = unknown> {
  /** What is told of each change that came in, by its kind: a function, the name of an event on the target, or true for `medulla:<kind>`. */
  readonly events?: Readonly<Partial<Record<Change, Told<T>>>>;
  /** The kinds of changes that are let in; all by default. */
  readonly only?: readonly Change[];
  /** Which records of the topic belong into the collection: an object as Underscore's `where` takes, or a function of the attributes after `parse`. */
  readonly where?: Where<AttributesOf<T>> | null;
  /** Ends the following: a signal, or a view when it is removed or, as Marionette has it, destroyed. */
  readonly until?:
    | AbortSignal
    | { remove(...args: never[]): unknown }
    | { destroy(...args: never[]): unknown };
}

/** Somebody's interest in a topic: a collection, or one model of it. */
export interface Follower {
  topic: Topic;
  readonly options: FollowOptions;
  /** Undefined once a weakly held target is gone. */
  target(): Model | Collection | undefined;
  /** A fetch has been made of it, so that nobody else needs to ask. */
  asked: boolean;
  /** It was shown more by the hub before than this one knows yet. */
  behind?: boolean;
  stop: () => void;
}

type Held = (target: Model | Collection) => Follower['target'];

/** By functions of their own: a function keeps all that any other one made beside it names. */
export const weakly: Held = (target) => {
  const held = new WeakRef(target);
  return () => held.deref();
};
export const strongly: Held = (target) => () => target;

/** Tells the event that was asked for. */
export function tell(
  target: Model | Collection,
  event: Told | undefined,
  change: Change,
  model: Model,
  options: Hash,
) {
  if (typeof event === 'function') event(model, options);
  else if (event) target.trigger(event === true ? `medulla:${change}` : event, model, options);
}
