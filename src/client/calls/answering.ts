import type { Hash, Model } from '../backbone.ts';
import { incoming } from '../models/incoming.ts';
import type { Instance, Shown } from '../models/instances.ts';
import { shadow, under } from './shadow.ts';

type Kept = () => readonly string[];

/**
 * Stands before the model's next `set`, which is that of Backbone's closure in a success callback: it sets the whole
 * answer, and would undo what was changed here meanwhile. `gone` names are no part of the answer, whatever the closure
 * says. Returns what goes away again.
 */
export function guard(
  model: Model,
  instance: Instance,
  shown: Shown,
  kept: Kept,
  gone: readonly string[] = [],
): () => void {
  return shadow(model, 'set', (original, [attrs, options]) => {
    if (typeof attrs !== 'object' || attrs === null) return original(attrs, options);
    const parsed: Hash = { ...attrs };
    for (const name of gone) delete parsed[name];
    const { attrs: taken, finish } = incoming(model, instance, shown, parsed, kept());
    const result = original(taken, options);
    if (result) finish();
    return result;
  });
}

/** Runs a success callback under guard. */
export const answering = (...guarded: Parameters<typeof guard>) => under(() => guard(...guarded));
