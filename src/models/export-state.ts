import { type Attributes, attributes, badJson } from '../protocol/attributes.ts';
import { MedullaError } from '../protocol/errors.ts';
import type { RecordId } from '../protocol/ids.ts';
import { type CollectionLike, isCollection, isModel, type ModelLike } from './like.ts';
import type { CollectionState, ModelState } from './state.ts';

export interface ExportOptions {
  /** `false`: the root alone, without what it has. */
  readonly recurse?: boolean;
}

/**
 * All that hangs on a root, a model or a collection, as JSON that `importState` makes the same tree of. A model's parts
 * are the models and collections that are its own properties. What leads back is left out: whatever the part is in
 * itself, and models that a collection has, which are told with it.
 */
export function exportState(root: ModelLike, options?: ExportOptions): ModelState;
export function exportState(root: CollectionLike, options?: ExportOptions): CollectionState;
export function exportState(root: ModelLike | CollectionLike, { recurse = true }: ExportOptions = {}) {
  if (isCollection(root)) return ofCollection(root, [], recurse);
  if (isModel(root)) return ofModel(root, [], recurse);
  throw new MedullaError('bad-option', 'exportState takes a Backbone model or collection');
}

function ofModel(model: ModelLike, above: readonly object[], recurse: boolean): ModelState {
  const path = [...above, model];
  const models: Record<string, ModelState> = {};
  const collections: Record<string, CollectionState> = {};
  for (const [name, part] of recurse ? Object.entries(model) : []) {
    if (name === 'collection' || path.includes(part as object)) continue;
    if (isCollection(part)) collections[name] = ofCollection(part, path, true);
    else if (isModel(part) && !part.collection) models[name] = ofModel(part, path, true);
  }
  return {
    id: idOf(model),
    cid: model.cid,
    attributes: plain(model),
    ...(Object.keys(models).length && { models }),
    ...(Object.keys(collections).length && { collections }),
  };
}

function ofCollection(
  collection: CollectionLike,
  above: readonly object[],
  recurse: boolean,
): CollectionState {
  const path = [...above, collection];
  const all = collection.models.filter(isModel).filter((model) => !path.includes(model));
  return { id: idOf(collection), models: all.map((model) => ofModel(model, path, recurse)) };
}

const idOf = ({ id }: { readonly id?: unknown }) => (id ?? null) as RecordId | null;

/** What goes over a wire of the model; throws where that would come out as something else. */
function plain(model: ModelLike): Attributes {
  let json: unknown;
  try {
    json = JSON.parse(JSON.stringify(model.toJSON()) ?? 'null');
  } catch (cause) {
    throw new MedullaError('bad-attribute', `Cannot export ${model.cid}: ${String(cause)}`, { cause });
  }
  const problem = attributes.problem(json, `what ${model.cid} exports`);
  if (problem) throw new MedullaError('bad-attribute', problem, { details: badJson(json) });
  return json as Attributes;
}
