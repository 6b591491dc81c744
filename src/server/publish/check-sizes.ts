import { isLonger } from '../../base/is-longer.ts';
import type { Attributes } from '../../protocol/attributes.ts';
import { MedullaError } from '../../protocol/errors.ts';
import { recordKey } from '../../protocol/ids.ts';
import { laidOn } from '../../protocol/mutation.ts';
import { tooLarge } from '../commit/commit-run.ts';
import { laneOf } from '../commit/lane-of.ts';
import type { Store, StoreWrite } from '../store.ts';

/**
 * Throws where one of several writes would make a record too large, so that the others are not made either: a commit
 * refuses only the one, so that one write alone needs no look before.
 */
export async function checkSizes(store: Pick<Store, 'read'>, writes: readonly StoreWrite[]): Promise<void> {
  const rows = await store.read(writes.map(({ topic, record }) => ({ topic, key: recordKey(record) })));
  const left = new Map<string, Attributes | null>();
  for (const [at, write] of writes.entries()) {
    const lane = laneOf(write.topic, write.record);
    const before = left.get(lane);
    const attrs = laidOn(before === undefined ? (rows[at]?.[2] ?? null) : before, write);
    if (attrs && isLonger(JSON.stringify(attrs), write.limit))
      throw new MedullaError('too-large', tooLarge(write).message);
    left.set(lane, attrs);
  }
}
