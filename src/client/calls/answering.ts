import type { Hash, Model } from '../backbone.ts';
import { type Instance, incoming, type Shown } from '../models/instances.ts';
import { shadow } from './shadow.ts';

type Kept = () => readonly string[];

/**
 * Stands before the model's next `set`, which is that of Backbone's closure in a success callback: it sets the whole
 * answer, and would undo what was changed here meanwhile. Returns what goes away again.
 */
export function guard(model: Model, instance: Instance, shown: Shown, kept: Kept): () => void {
  return shadow(model, 'set', (original, [attrs, options]) => {
    if (typeof attrs !== 'object' || attrs === null) return original(attrs, options);
    const { attrs: taken, finish } = incoming(model, instance, shown, attrs as Hash, kept());
    const result = original(taken, options);
    if (result) finish();
    return result;
  });
}

/** Runs a success callback under guard. */
export function answering(model: Model, instance: Instance, shown: Shown, kept: Kept) {
  return (call: () => void) => {
    const restore = guard(model, instance, shown, kept);
    try {
      call();
    } finally {
      restore();
    }
  };
}
