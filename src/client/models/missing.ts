import { recordKey, type Topic } from '../../protocol/ids.ts';
import type { Model } from '../backbone.ts';
import type { Present, Sight } from './apply-sights.ts';
import { instanceOf, keyOf } from './instances.ts';

/** The records that these models show and the rows have not, as they are here. */
export function missing(models: readonly Model[], topic: Topic, rows: readonly Sight[]): Present[] {
  const keys = models.length && new Set(rows.map(({ record }) => recordKey(record)));
  return models.flatMap((model) => {
    const instance = instanceOf(model);
    const record = instance?.topic === topic ? keyOf(instance) : undefined;
    const attrs = instance?.seen;
    return keys && attrs && record !== undefined && !keys.has(record) ? [{ record, attrs }] : [];
  });
}
