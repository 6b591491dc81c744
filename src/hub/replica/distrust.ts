import type { Topic } from './topic.ts';

/**
 * An earlier hub has known it, or another process answers for the server now, whose database may have been restored: what is known of above
 * the topic's cursor, by single reads and by writes of ours, may never have been there, and the cursor says nothing of it.
 */
export function distrust(topic: Topic): void {
  const { cursor, absorbed, records, doubted } = topic;
  const known = [...absorbed.values(), ...[...records.values()].map(({ version }) => version)];
  if (!cursor) for (const key of records.keys()) doubted.add(key);
  else if (known.some((offset) => offset > cursor.offset)) topic.doubt(0);
  absorbed.clear();
}
