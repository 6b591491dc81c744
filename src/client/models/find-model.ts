import { type RecordId, type RecordKey, recordKey } from '../../protocol/ids.ts';
import type { Collection, Model } from '../backbone.ts';
import { isCollection } from '../calls/address.ts';
import { instanceOf } from './instances.ts';

/** The record of a model, also before the model has its id. */
export const recordOf = (model: Model): RecordId | undefined =>
  instanceOf(model)?.record ?? (model.id as RecordId | null | undefined) ?? undefined;

const keyOf = (model: Model) => recordKey(recordOf(model) ?? '');

/** The models of collections by record, in this turn: hundreds of writes in it look for what is not there yet. */
const indexes = new WeakMap<Collection, Map<RecordKey | Model, Model>>();

/** A model has come into the collection. */
export const indexed = (collection: Collection, model: Model) =>
  indexes.get(collection)?.set(keyOf(model), model);

/**
 * The target's model of a record: the target itself, or one of its own. What `collection.get` finds is only believed
 * where it is right: it takes an id that looks like a client id for one, and a `modelId` of the application's own leads
 * elsewhere.
 */
export function findModel(target: Model | Collection, record: RecordId): Model | undefined {
  const key = recordKey(record);
  const likely = isCollection(target) ? target.get(key) : target;
  if (likely && keyOf(likely) === key) return likely;
  if (!isCollection(target)) return undefined;
  let index = indexes.get(target);
  if (index?.size !== target.length) {
    index = new Map(target.models.map((model) => [keyOf(model) || model, model]));
    indexes.set(target, index);
    queueMicrotask(() => indexes.delete(target));
  }
  const found = index.get(key);
  return found && target.get(found.cid);
}
