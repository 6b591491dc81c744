import type { Attributes } from '../../protocol/attributes.ts';
import { isTemporary, recordKey, type Topic } from '../../protocol/ids.ts';
import type { Collection, Model } from '../backbone.ts';
import type { Present } from '../models/apply-sights.ts';
import { recordOf } from '../models/find-model.ts';
import { take } from '../models/incoming.ts';
import { type Instance, instanceOf, jsonOf, unsaved } from '../models/instances.ts';
import { differing } from '../models/snapshot.ts';
import { isCollection } from './address.ts';
import { guard } from './answering.ts';
import { shadow, under } from './shadow.ts';

/**
 * Runs the success callback of a fetch so that all models that come of the answer know their record before anybody
 * hears of it. `then`: what the models with unsaved edits looked like when they were asked for.
 */
export function adopting(
  target: Model | Collection,
  topic: Topic,
  rows: readonly Present[],
  then: ReadonlyMap<Model, Attributes>,
) {
  const byKey = new Map(rows.map((row) => [recordKey(row.record), row]));
  // A model of another topic may have the same id.
  const rowOf = (model: Model) =>
    (instanceOf(model)?.topic ?? topic) === topic ? byKey.get(recordKey(recordOf(model) ?? '')) : undefined;

  function guarded(model: Model, instance: Instance, row: Present): () => void {
    const before = then.get(model);
    const kept = () => (before ? differing(jsonOf(model), before) : unsaved(model, instance));
    // One without an id gets it with the answer to its create.
    const gone = isTemporary(row.record) && model.isNew() ? [model.idAttribute] : [];
    return guard(model, instance, row, kept, gone);
  }

  /** Those that are there get their answer as a model that is fetched alone does. */
  function guardAll(collection: Collection): Map<Model, () => void> {
    const all = new Map<Model, () => void>();
    for (const model of collection.models) {
      const instance = instanceOf(model);
      const row = rowOf(model);
      if (instance && row) all.set(model, guarded(model, instance, row));
    }
    return all;
  }

  const inAll = (collection: Collection, method: 'set' | 'reset') =>
    shadow(collection, method, (original, args) => {
      const all = guardAll(collection);
      // What is not to be merged holds nothing of the answer.
      const left = new Set(Object(args[1]).merge === false && method === 'set' ? collection.models : []);
      try {
        return original(...args);
      } finally {
        for (const restore of all.values()) restore();
        for (const model of collection.models) {
          const row = rowOf(model);
          if (row && !all.has(model) && !left.has(model)) take(model, topic, row);
        }
      }
    });

  return isCollection(target)
    ? under(
        () => inAll(target, 'set'),
        () => inAll(target, 'reset'),
      )
    : under(() => guarded(target, instanceOf(target) as Instance, rows[0] as Present));
}
