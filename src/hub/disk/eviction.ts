import type { Topic } from '../../protocol/ids.ts';
import type { Op, TopicRow } from '../storage.ts';
import { topicOf } from './group.ts';

/** What a full disk has to give up, and which of it is not needed for it. */
export interface Evicted {
  readonly ops: readonly Op[];
  readonly isMeant: (topic: Topic) => boolean;
}

/**
 * What goes off the disk where there is no more room: topics, never the outbox. Those that nobody follows go first, the
 * oldest of them before the others; each time twice as many. What is followed stays in memory, and what happens to it
 * there is left off the disk from then on, since it is only whole from the next snapshot on.
 */
export class Eviction {
  readonly #followers: (topic: Topic) => number;
  /** The topics that the disk has, and when they were last heard of. */
  readonly #kept = new Map<Topic, number>();
  /** Those that it no longer has whole. */
  readonly #gone = new Set<Topic>();
  #count = 1;
  /** There is room for nothing but the outbox. */
  #isBare = false;

  constructor(topics: readonly TopicRow[], followers: (topic: Topic) => number) {
    this.#followers = followers;
    this.found(topics);
  }

  /** The disk has these. */
  found(topics: readonly TopicRow[]): void {
    for (const { topic, syncedAt } of topics) this.#kept.set(topic, syncedAt);
  }

  /** Whether the step is to go to the disk. */
  admits(op: Op): boolean {
    const topic = topicOf(op);
    if (topic === undefined) return true;
    if (this.#isBare) this.#gone.add(topic);
    else if (op.type === 'clearTopic') this.#gone.delete(topic);
    if (op.type === 'clearTopic') this.#kept.delete(topic);
    if (this.#gone.has(topic)) return false;
    if (op.type === 'putTopic') this.#kept.set(topic, op.row.syncedAt);
    return true;
  }

  /** What is to go next; null = there is nothing left that may. */
  next(): Evicted | null {
    if (this.#isBare) return null;
    const rank = (topic: Topic) => (this.#followers(topic) > 0 ? 1 : 0);
    const oldest = [...this.#kept].sort(([a, at], [b, bt]) => rank(a) - rank(b) || at - bt);
    const victims = new Set(oldest.slice(0, this.#count).map(([topic]) => topic));
    this.#count *= 2;
    for (const topic of victims) {
      this.#kept.delete(topic);
      this.#gone.add(topic);
    }
    if (victims.size > 0)
      return {
        ops: [...victims].map((topic) => ({ type: 'clearTopic', topic })),
        isMeant: (topic) => victims.has(topic),
      };
    // What is left of the replica are single records.
    this.#isBare = true;
    return { ops: [{ type: 'erase', outbox: false }], isMeant: () => true };
  }

  /** There is room. */
  roomy(): void {
    this.#count = 1;
    this.#isBare = false;
  }
}
