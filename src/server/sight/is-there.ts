import type { RecordId, Topic } from '../../protocol/ids.ts';

/** A create meets it. */
export const isThere = (record: RecordId, topic: Topic): string =>
  `There is a record ${record} in ${topic} already.`;
