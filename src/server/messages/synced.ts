import type { Topic } from '../../protocol/ids.ts';
import type { Note } from '../../protocol/messages/note.ts';

/** What those who follow a topic are told of something done, whatever is in there. */
export const synced = (topic: Topic, method: string, model: unknown): Note => ({
  type: 'synced',
  content: { topic, method, model },
});
