import type { Snapshot } from '../protocol/change.ts';
import { MedullaError } from '../protocol/errors.ts';
import type { Topic } from '../protocol/ids.ts';
import { type PageState, pageState } from '../protocol/page/page-state.ts';

/** What a page came with. Each topic is taken from it until the hub has told more of it. */
export interface Hydration {
  /** What the topic held, if the page was rendered for this user. */
  snapshot(topic: string, user: string | null): Snapshot | undefined;
  /** The hub has the topic. */
  known(topic: string): void;
}

/** Makes the option `hydrate` of what the server's `medulla.snapshot` gave, once it has come through JSON. */
export function hydration(state: unknown): Hydration {
  const problem = pageState.problem(state, 'hydration');
  if (problem) throw new MedullaError('bad-message', `Cannot hydrate: ${problem}`);
  const { user: own, topics: all } = state as PageState;
  const topics = new Map(all.map(({ topic, snapshot }) => [topic, snapshot]));
  return {
    snapshot: (topic, user) => (user === own ? topics.get(topic as Topic) : undefined),
    known: (topic) => void topics.delete(topic as Topic),
  };
}
