import { type RecordId, type RecordKey, recordKey } from '../../protocol/ids.ts';
import type { Collection, Model } from '../backbone.ts';
import { isCollection } from '../calls/address.ts';
import { instanceOf } from './instances.ts';

/** The record of a model, also before the model has its id. */
export const recordOf = (model: Model): RecordId | undefined =>
  instanceOf(model)?.record ?? (model.id as RecordId | null | undefined) ?? undefined;

const keyOf = (model: Model): RecordKey => recordKey(recordOf(model) ?? '');

/**
 * Finds the target's model of a record: the target itself, or one of its own. Holds while the collection stays as it
 * is. What `collection.get` finds is only believed where it is right: it takes an id that looks like a client id for
 * one, and a `modelId` of the application's own leads elsewhere.
 */
export function finder(target: Model | Collection): (record: RecordId) => Model | undefined {
  let index: Map<RecordKey, Model> | undefined;
  return (record) => {
    const key = recordKey(record);
    const likely = isCollection(target) ? target.get(key) : target;
    if (likely && keyOf(likely) === key) return likely;
    if (!isCollection(target)) return undefined;
    index ??= new Map(target.models.map((model) => [keyOf(model), model]));
    return index.get(key);
  };
}
