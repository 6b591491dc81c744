import type { Clock } from '../../base/clock.ts';

/** For how long what was told is not told again, in milliseconds, and how much may be told meanwhile. */
const PERIOD = 3_600_000;
const MOST = 100;

/** Keeps a log from filling with what comes again and again: who is refused tries again for ever. */
export class ToldOnce {
  readonly #clock: Clock;
  readonly #told = new Set<string>();
  #since: number;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#since = clock.now();
  }

  /** Whether this is to be told now. */
  isNew(...parts: readonly string[]): boolean {
    const now = this.#clock.now();
    if (now - this.#since >= PERIOD) {
      this.#told.clear();
      this.#since = now;
    }
    const key = JSON.stringify(parts);
    if (this.#told.size >= MOST || this.#told.has(key)) return false;
    this.#told.add(key);
    return true;
  }
}
