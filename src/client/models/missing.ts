import { recordKey, type Topic } from '../../protocol/ids.ts';
import type { Collection } from '../backbone.ts';
import type { Sight } from './apply-sights.ts';
import { instanceOf, keyOf } from './instances.ts';

/** Records that the collection has and the rows have not. */
export function missing(collection: Collection, topic: Topic, rows: readonly Sight[]): Sight[] {
  const keys = new Set(rows.map(({ record }) => recordKey(record)));
  return collection.models.flatMap((model) => {
    const instance = instanceOf(model);
    const key = instance?.topic === topic && instance.seen ? keyOf(instance) : undefined;
    return key !== undefined && !keys.has(key) ? [{ record: key, attrs: null }] : [];
  });
}
