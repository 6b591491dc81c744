import type { Attributes } from '../../protocol/attributes.ts';
import type { Row } from '../../protocol/change.ts';
import { type RecordId, recordKey, type Topic } from '../../protocol/ids.ts';
import type { Collection, Model } from '../backbone.ts';
import { agree, instanceFor, instanceOf, jsonOf, unsaved } from '../models/instances.ts';
import { differing } from '../models/snapshot.ts';
import { guard } from './answering.ts';
import { shadow, under } from './shadow.ts';

/**
 * Runs a collection's success callback so that all models that come of the answer know their record before anybody
 * hears of it. `then`: what the models with unsaved edits looked like when they were asked for.
 */
export function adoptAll(
  collection: Collection,
  topic: Topic,
  rows: readonly Row[],
  then: ReadonlyMap<Model, Attributes>,
) {
  const byKey = new Map(rows.map((row) => [recordKey(row[0]), row]));
  const rowOf = ({ id }: Model) => byKey.get(recordKey(id as RecordId));

  /** Those that were edited after the call, or whose record has lost an attribute, get their answer as a model that is fetched alone does. */
  function guardAll(): Map<Model, () => void> {
    const guarded = new Map<Model, () => void>();
    for (const model of collection.models) {
      const instance = instanceOf(model);
      const row = rowOf(model);
      if (!instance || !row) continue;
      const [, version, attrs] = row;
      const before = then.get(model);
      const kept = () => (before ? differing(jsonOf(model), before) : unsaved(model, instance));
      if (
        unsaved(model, instance).length ||
        Object.keys(instance.seen ?? {}).some((name) => !(name in attrs))
      )
        guarded.set(model, guard(model, instance, { attrs, version }, kept));
    }
    return guarded;
  }

  const adopting = (method: 'set' | 'reset') =>
    shadow(collection, method, (original, args) => {
      const guarded = guardAll();
      try {
        return original(...args);
      } finally {
        for (const restore of guarded.values()) restore();
        for (const model of collection.models) {
          const row = rowOf(model);
          if (row && !guarded.has(model))
            agree(model, instanceFor(model, topic, row[0]), { attrs: row[2], version: row[1] });
        }
      }
    });

  return under(
    () => adopting('set'),
    () => adopting('reset'),
  );
}
