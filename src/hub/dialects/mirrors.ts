import type { Topic } from '../../protocol/ids.ts';
import { Mirror } from './mirror.ts';

/** So many topics that nobody follows are kept: those that were used last. */
const IDLE = 100;

/** What one link knows of each topic. */
export class Mirrors {
  readonly #mirrors = new Map<Topic, Mirror>();
  /** Those that were used while nobody followed them, the last one at the end. */
  readonly #idle = new Set<Topic>();
  readonly #next: () => number;

  constructor(next: () => number) {
    this.#next = next;
  }

  /** Undefined = nothing is known of it. */
  known(topic: Topic): Mirror | undefined {
    return this.#mirrors.get(topic);
  }

  of(topic: Topic): Mirror {
    const mirror = this.#mirrors.get(topic) ?? new Mirror(this.#next());
    this.#mirrors.set(topic, mirror);
    this.#idle.delete(topic);
    if (!mirror.isLive) this.#idle.add(topic);
    for (const oldest of this.#idle) {
      if (this.#idle.size <= IDLE) break;
      this.#idle.delete(oldest);
      if (!this.#mirrors.get(oldest)?.isLive) this.#mirrors.delete(oldest);
    }
    return mirror;
  }
}
