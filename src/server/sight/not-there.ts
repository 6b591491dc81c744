import type { RecordId, Topic } from '../../protocol/ids.ts';

/** What is not seen is not there. */
export const notThere = (record: RecordId, topic: Topic): string =>
  `There is no record ${record} in ${topic} any more.`;
