import type { Topic } from '../../../protocol/ids.ts';

/**
 * The followed topic whose name a wire's name begins with, and what comes after it; the longest, where one topic is under
 * another. `nameOf` is what the wire calls a topic.
 */
export function topicIn(
  name: string,
  followed: Iterable<Topic>,
  nameOf: (topic: Topic) => string,
): { readonly topic: Topic; readonly rest: string } | undefined {
  let found: { topic: Topic; rest: string } | undefined;
  for (const topic of followed) {
    const front = nameOf(topic);
    const rest = name.slice(front.length);
    if (name.startsWith(front) && (!found || rest.length < found.rest.length)) found = { topic, rest };
  }
  return found;
}
