import type { Row } from '../../protocol/change.ts';
import { type RecordId, recordKey, type Topic } from '../../protocol/ids.ts';
import type { Store } from '../store.ts';

/** A record as it is in the store; null = there is none. */
export async function storedRow(
  store: Pick<Store, 'read'>,
  topic: Topic,
  record: RecordId,
): Promise<Row | null> {
  const [row] = await store.read([{ topic, key: recordKey(record) }]);
  return row ?? null;
}
