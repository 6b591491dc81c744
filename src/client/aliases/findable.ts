import type { Collection, Model } from '../backbone.ts';

const keys = new WeakMap<Model, Set<string>>();

/** The collection finds the model by this key too, for as long as it is in there. */
export function findable(collection: Collection | undefined, model: Model, key: string): void {
  if (!collection) return;
  collection._byId[key] = model;
  const known = keys.get(model);
  if (known) return void known.add(key);
  const own = new Set([key]);
  keys.set(model, own);
  model.on('remove', (which: Model, from: Partial<Collection> | undefined) => {
    const { _byId = {} } = from ?? {};
    for (const one of which === model ? own : []) if (_byId[one] === model) delete _byId[one];
  });
}
