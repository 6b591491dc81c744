import type { Topic } from '../../protocol/ids.ts';
import type { Delivery } from './delivery.ts';
import type { Run } from './run.ts';

/** Who hears in this process of a topic. */
export interface Hearer {
  /** Of each change, once or twice, in whatever order. */
  hear(run: Run): void;
  /** What was heard so far does not hold any more: the store is what it was at another time. */
  restored(): void;
}

/** Those in this process who hear of topics: served collections, among others. */
export class Hearers {
  readonly #topics = new Map<Topic, Set<Hearer>>();

  /** Whether anybody here hears of the topic. */
  has(topic: Topic): boolean {
    return this.#topics.has(topic);
  }

  tell(run: Run): void {
    for (const hearer of this.#topics.get(run.topic) ?? []) hearer.hear(run);
  }

  restored(topic: Topic): void {
    for (const hearer of this.#topics.get(topic) ?? []) hearer.restored();
  }

  /** `ready`: resolves once what is delivered can be. Returns what ends it; idempotent. */
  add(
    topic: Topic,
    hearer: Hearer,
    delivery: Pick<Delivery, 'join' | 'leave'>,
    ready: Promise<void>,
  ): () => void {
    const hearers = this.#topics.get(topic) ?? new Set();
    this.#topics.set(topic, hearers.add(hearer));
    const joined = ready.then(
      () => hearers.has(hearer) && delivery.join(topic).then(() => true),
      () => false,
    );
    return () => {
      if (!hearers.delete(hearer)) return;
      if (hearers.size === 0) this.#topics.delete(topic);
      void joined.then((is) => is && delivery.leave(topic));
    };
  }
}
