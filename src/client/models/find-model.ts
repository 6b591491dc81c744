import { type RecordId, type RecordKey, recordKey } from '../../protocol/ids.ts';
import type { Collection, Model } from '../backbone.ts';
import { instanceOf, keyOf } from './instances.ts';

const indexes = new WeakMap<Collection, Map<RecordKey, Model>>();

const keyIn = (model: Model): RecordKey => {
  const instance = instanceOf(model);
  return (instance && keyOf(instance)) ?? recordKey(model.id as RecordId);
};

/**
 * The collection's model of a record. Not by `collection.get`, which takes an id that looks like a client id for one,
 * and which a `modelId` of the application's own leads elsewhere.
 */
export function findModel(collection: Collection, key: RecordKey): Model | undefined {
  const index = indexes.get(collection);
  const model = index?.get(key);
  if (model && keyIn(model) === key && collection.get(model.cid) === model) return model;
  // As many as there are models, and it is none of them.
  if (index?.size === collection.length && !model) return undefined;
  const anew = new Map(collection.models.map((each) => [keyIn(each), each]));
  indexes.set(collection, anew);
  return anew.get(key);
}
