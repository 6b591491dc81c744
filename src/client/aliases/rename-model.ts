import { type RealId, renamed, renamedPath } from '../../protocol/aliases/renamed.ts';
import { isTemporary } from '../../protocol/ids.ts';
import type { Collection, Hash, Model } from '../backbone.ts';
import { instanceOf } from '../models/instances.ts';
import { snapshot } from '../models/snapshot.ts';

/**
 * Gives the model real ids for temporary ones, its own and those in its attributes, by one `set`. What it has seen has
 * them before that, so that nothing counts as an unsaved edit. `isAwaited`: its id comes with the answer to its create.
 */
export function renameModel(model: Model, real: RealId, isAwaited: boolean): void {
  const instance = instanceOf(model);
  const changes: Hash = {};
  if (instance) {
    const { record } = instance;
    instance.topic = renamedPath(instance.topic, real);
    instance.record = renamed(record, real);
    for (const part of ['seen', 'agreed', 'parsed', 'was'] as const)
      instance[part] = renamed(instance[part], real) as typeof instance.parsed;
    if (isTemporary(record) && instance.record !== record && model.isNew() && !isAwaited)
      changes[model.idAttribute] = instance.record;
  }
  const json = snapshot(model.attributes);
  for (const [name, value] of Object.entries(json))
    if (renamed(value, real) !== value) changes[name] = renamed(model.attributes[name], real);
  renameUrl(model, real);
  for (const _ in changes) return void model.set(changes, { remote: true });
}

/** A url that is a text of this very model or collection; one that is a function follows by itself. */
export function renameUrl(target: Model | Collection, real: RealId): void {
  for (const name of ['url', 'urlRoot']) {
    const own = target as unknown as Hash;
    const { [name]: url } = own;
    if (typeof url === 'string' && Object.hasOwn(target, name)) own[name] = renamedPath(url, real);
  }
}
