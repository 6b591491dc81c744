import type { Topic } from '../../protocol/ids.ts';
import { type Made, type Run, runsOf } from './run.ts';

/** Gathers what one turn of the event loop commits, so that it goes out together. */
export class Publisher {
  readonly #turn: (fn: () => void) => void;
  readonly #out: (runs: readonly Run[], since: number) => void;
  #since = 0;
  #waiting = new Map<Topic, Made[]>();

  constructor(turn: (fn: () => void) => void, out: (runs: readonly Run[], since: number) => void) {
    this.#turn = turn;
    this.#out = out;
  }

  /** To be called at once after a commit, with what it changed, and when it began: `out` hears of the first of a turn. */
  add(changes: readonly Made[], since: number): void {
    if (changes.length && this.#waiting.size === 0) {
      this.#since = since;
      this.#turn(() => this.flush());
    }
    for (const change of changes) {
      const waiting = this.#waiting.get(change.topic);
      if (waiting) waiting.push(change);
      else this.#waiting.set(change.topic, [change]);
    }
  }

  flush(): void {
    const waiting = this.#waiting;
    if (waiting.size === 0) return;
    this.#waiting = new Map();
    this.#out([...waiting.values()].flatMap(runsOf), this.#since);
  }
}
