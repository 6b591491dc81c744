import { type RecordId, recordKey, type Topic } from '../../protocol/ids.ts';
import type { Collection, Model } from '../backbone.ts';
import { isCollection } from '../calls/address.ts';
import { instanceOf } from './instances.ts';

/** The record of a model, also before the model has its id. */
export const recordOf = (model: Model): RecordId | undefined =>
  instanceOf(model)?.record ?? (model.id as RecordId | null | undefined) ?? undefined;

/** Models of other topics may stand in a collection, with ids of their own; one that was never shown is of any. */
const entryOf = (record: RecordId | undefined, topic: Topic | '') => `${topic}\n${recordKey(record ?? '')}`;
const ownEntry = (model: Model) => entryOf(recordOf(model), instanceOf(model)?.topic ?? '');

/** The models of collections by record, in this turn: hundreds of writes in it look for what is not there yet. */
const indexes = new WeakMap<Collection, Map<string | Model, Model>>();

/** A model has come into the collection. */
export const indexed = (collection: Collection, model: Model) =>
  indexes.get(collection)?.set(ownEntry(model), model);

/** Models of the collection have other ids. */
export const reindex = (collection: Collection) => indexes.delete(collection);

/**
 * The target's model of a record of the topic: the target itself, or one of its own. What `collection.get` finds is only
 * believed where it is right: it takes an id that looks like a client id for one, and a `modelId` of the application's own
 * leads elsewhere.
 */
export function findModel(target: Model | Collection, topic: Topic, record: RecordId): Model | undefined {
  const entries = [entryOf(record, topic), entryOf(record, '')];
  const likely = isCollection(target) ? target.get(recordKey(record)) : target;
  if (likely && entries.includes(ownEntry(likely))) return likely;
  if (!isCollection(target)) return undefined;
  let index = indexes.get(target);
  if (index?.size !== target.length) {
    index = new Map(
      target.models.map((model) => [recordOf(model) === undefined ? model : ownEntry(model), model]),
    );
    indexes.set(target, index);
    queueMicrotask(() => indexes.delete(target));
  }
  const found = entries.map((entry) => index?.get(entry)).find(Boolean);
  return found && target.get(found.cid);
}
