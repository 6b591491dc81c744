import type { Collection, Model } from './backbone.ts';
import { addressOf, isCollection } from './calls/address.ts';
import type { Writes } from './calls/writes.ts';
import type { CollectionState, ModelState } from './medulla.ts';
import type { Conflicts } from './models/conflicts.ts';
import type { Following } from './models/following.ts';
import { instanceOf, unsaved } from './models/instances.ts';

/** How a model or a collection stands; of each, only its own half of the answer is there. */
export function stateOf(
  target: Model | Collection,
  writes: Pick<Writes, 'isUnderway'>,
  { topics }: Pick<Following, 'topics'>,
  conflicts: Pick<Conflicts, 'of'>,
  page: () => string,
): ModelState & CollectionState {
  return (isCollection(target) ? collectionState() : modelState(target)) as ModelState & CollectionState;

  function collectionState(): CollectionState {
    const { loaded = false, synced = false } = topics.get(addressOf(target, {}, page()).topic) ?? {};
    return { loaded, synced, stale: loaded && !synced };
  }
  function modelState(model: Model): ModelState {
    const instance = instanceOf(model);
    if (!instance) return { state: 'clean', changed: [], error: null, conflict: null };
    const { state, error } = instance;
    const conflict = conflicts.of(model);
    const now = conflict ? 'conflict' : writes.isUnderway(instance) ? 'pending' : state;
    return { state: now, changed: unsaved(model, instance), error, conflict };
  }
}
