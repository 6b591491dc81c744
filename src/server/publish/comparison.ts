import type { Cancel, Clock } from '../../base/clock.ts';
import type { Log } from '../../base/log.ts';
import type { Random } from '../../base/random.ts';
import type { Cursor } from '../../protocol/change.ts';
import type { Topic } from '../../protocol/ids.ts';
import type { Store } from '../store.ts';
import type { Head } from './standing.ts';

/** How often heads are compared with the store's, in milliseconds. */
const PERIOD = 3_000;
/** So many topics in one query. */
const TOPICS = 1_000;

interface Parts {
  readonly store: Pick<Store, 'heads'>;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** Whether it has to be asked again and again. */
  readonly isDue: () => boolean;
  /** What is followed here, and how far those who follow have been told. */
  readonly topics: () => Topic[];
  readonly headOf: (topic: Topic) => Head | null | undefined;
  /** `before`: how far they had been told when the store was asked. */
  readonly learn: (topic: Topic, before: Head | null | undefined, stored: Cursor | undefined) => void;
  readonly compared: () => void;
}

/** Compares every few seconds how far topics are with how far they are in the store. */
export class Comparison {
  readonly #parts: Parts;
  #cancel: Cancel = () => undefined;
  #isOver = false;
  #isInDoubt = false;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Once is to be compared in any case. */
  doubt(): void {
    this.#isInDoubt = true;
  }

  begin(): void {
    const { clock, random, isDue } = this.#parts;
    // Nodes that began together do not ask together.
    const ms = PERIOD * (0.75 + random.next() / 2);
    this.#cancel = clock.after(ms, async () => {
      if (isDue() || this.#isInDoubt) await this.#compare();
      if (!this.#isOver) this.begin();
    });
  }

  stop(): void {
    this.#isOver = true;
    this.#cancel();
  }

  async #compare(): Promise<void> {
    const { store, log, topics: followed, headOf, learn, compared } = this.#parts;
    const topics = followed();
    const isInDoubt = this.#isInDoubt;
    this.#isInDoubt = false;
    try {
      for (let at = 0; at < topics.length; at += TOPICS) {
        const some = topics.slice(at, at + TOPICS);
        const before = some.map(headOf);
        const heads = await store.heads(some);
        for (const [n, topic] of some.entries()) learn(topic, before[n], heads[n]);
      }
      compared();
    } catch (error) {
      this.#isInDoubt ||= isInDoubt;
      log('warn', 'heads-not-read', { error });
    }
  }
}
