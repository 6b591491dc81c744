import type { Attributes } from '../../protocol/attributes.ts';
import { recordKey, type Topic } from '../../protocol/ids.ts';
import type { Collection, Model } from '../backbone.ts';
import type { Each } from '../each.ts';
import type { Present } from '../models/apply-sights.ts';
import { findModel } from '../models/find-model.ts';
import { instanceOf, jsonOf, unsaved } from '../models/instances.ts';
import { differing } from '../models/snapshot.ts';
import { belongs, viewOf } from './view.ts';

/**
 * The rows that a fetch brings into the collection: those that belong, or whose models were edited since it was asked
 * (`then`: what models with edits looked like); and what was created through it and is not confirmed, which the server
 * could not choose.
 */
export function shownIn(
  collection: Collection,
  topic: Topic,
  rows: readonly Present[],
  then: ReadonlyMap<Model, Attributes>,
  each: Each,
): readonly Present[] {
  const { where, query } = viewOf(collection);
  if (!where && !query) return rows;
  const shown = new Map<string, Present>();
  const show = (row: Present) => shown.set(recordKey(row.record), row);
  const isHeld = (model: Model) => {
    const instance = instanceOf(model);
    if (!instance?.agreed) return false;
    const before = then.get(model);
    const edits = before ? differing(jsonOf(model), before) : unsaved(model, instance);
    return instance.born === collection || edits.length > 0;
  };
  each(rows, (row) => {
    const model = where && findModel(collection, topic, row.record);
    if ((model && isHeld(model)) || belongs(collection, row)) show(row);
  });
  for (const model of collection.models) {
    const { born, record, seen } = instanceOf(model) ?? {};
    if (born === collection && seen && record !== undefined && !shown.has(recordKey(record)))
      show({ record, attrs: seen });
  }
  return [...shown.values()];
}
