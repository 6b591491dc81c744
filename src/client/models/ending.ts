import type { Collection, Model } from '../backbone.ts';
import { isCollection } from '../calls/address.ts';
import type { FollowOptions } from './follower.ts';

/** Listens for what ends a strong following: the model's end, a signal, the removal of a view. */
export function ending(target: Model | Collection, { until }: FollowOptions, end: () => void): () => void {
  const destroyed = (model: unknown) => model === target && end();
  if (!isCollection(target)) target.on('destroy', destroyed);
  if (until && 'aborted' in until) until.addEventListener('abort', end);
  else if (until) {
    const view = until as unknown as Partial<Record<string, (...args: unknown[]) => unknown>>;
    // Marionette's destroy does not come to Backbone's remove.
    for (const name of ['remove', 'destroy']) {
      const method = view[name];
      if (method)
        view[name] = (...args) => {
          end();
          return method.apply(view, args);
        };
    }
  }
  return () => target.off('destroy', destroyed);
}
