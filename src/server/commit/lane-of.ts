import type { RecordId, Topic } from '../../protocol/ids.ts';

/** One text for one record of one topic. The length keeps two topics from running into each other's records. */
export const laneOf = (topic: Topic, record: RecordId): string => `${topic.length}:${topic}${record}`;
