import type { Topic } from '../../protocol/ids.ts';
import type { Collection, Events, Hash, Model } from '../backbone.ts';

export type Change = 'create' | 'update' | 'delete';

export interface FollowOptions {
  /** What is told of each change that came in, by its kind: a function, the name of an event on the target, or true for `medulla:<kind>`. */
  readonly events?: Readonly<Record<string, ((model: unknown, options: Hash) => unknown) | string | true>>;
  /** The kinds of changes that are let in; all by default. */
  readonly only?: readonly Change[];
  /** Ends the following: a signal, or a view when it is removed. */
  readonly until?: AbortSignal | { remove(...args: never[]): unknown };
}

/** Somebody's interest in a topic: a collection, or one model of it. */
export interface Follower {
  readonly topic: Topic;
  readonly options: FollowOptions;
  /** Undefined once a weakly held target is gone. */
  target(): Model | Collection | undefined;
  /** A fetch has been made of it, so that nobody else needs to ask. */
  asked: boolean;
  stop: () => void;
}

export const letsIn = ({ options }: Follower, change: Change) =>
  !options.only || options.only.includes(change);

/** Tells the events that were asked for. */
export function tell({ options, target }: Follower, change: Change, model: Model): void {
  const event = options.events?.[change];
  if (typeof event === 'function') event(model, { remote: true });
  else if (event)
    (target() as Events | undefined)?.trigger(event === true ? `medulla:${change}` : event, model, {
      remote: true,
    });
}
