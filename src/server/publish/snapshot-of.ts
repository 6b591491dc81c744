import type { Log } from '../../base/log.ts';
import type { Row, Snapshot } from '../../protocol/change.ts';
import type { RecordKey, Topic } from '../../protocol/ids.ts';
import { sound } from '../session/sound.ts';
import type { PageBounds, Store } from '../store.ts';

/** All records of a topic. The head comes first: a row may be newer than the cursor, and its change is skipped later. */
export async function snapshotOf(
  { store, page, log }: { readonly store: Store; readonly page: PageBounds; readonly log: Log },
  topic: Topic,
): Promise<Snapshot> {
  const cursor = await store.head(topic);
  const rows: Row[] = [];
  for (let after: RecordKey | null | undefined; after !== null; ) {
    const found = await store.page(topic, after ?? null, page);
    rows.push(...sound({ log }, topic, found.rows));
    after = found.next;
  }
  return { cursor, rows };
}
