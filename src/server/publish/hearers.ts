import type { Topic } from '../../protocol/ids.ts';
import type { Delivery } from './delivery.ts';
import type { Run } from './run.ts';

/** Those in this process who hear of topics: served collections, among others. */
export class Hearers {
  readonly #topics = new Map<Topic, Set<(run: Run) => void>>();

  /** Whether anybody here hears of the topic. */
  has(topic: Topic): boolean {
    return this.#topics.has(topic);
  }

  tell(run: Run): void {
    for (const hear of this.#topics.get(run.topic) ?? []) hear(run);
  }

  /** `ready`: resolves once what is delivered can be. Returns what ends it; idempotent. */
  add(
    topic: Topic,
    fn: (run: Run) => void,
    delivery: Pick<Delivery, 'join' | 'leave'>,
    ready: Promise<void>,
  ): () => void {
    const hearers = this.#topics.get(topic) ?? new Set();
    this.#topics.set(topic, hearers.add(fn));
    const joined = ready.then(
      () => hearers.has(fn) && delivery.join(topic).then(() => true),
      () => false,
    );
    return () => {
      if (!hearers.delete(fn)) return;
      if (hearers.size === 0) this.#topics.delete(topic);
      void joined.then((is) => is && delivery.leave(topic));
    };
  }
}
