import { MedullaError } from '../../protocol/errors.ts';

/** Pushes of one connection that may wait for one another: a hub has three on their way. */
const PUSHES = 16;

/** Milliseconds after which it may be tried again. */
const AFTER = 1_000;

/** Counts what one connection has asked for and was not told yet: what waits here is kept in memory. */
export class Unanswered {
  readonly #most: number;
  #all = 0;
  #pushes = 0;

  constructor(most: number) {
    this.#most = most;
  }

  /** Counts a request until it is answered, or rejects with a MedullaError 'rate'. */
  async count<T>(name: string, answer: () => Promise<T>): Promise<T> {
    const push = name === 'push' ? 1 : 0;
    if (this.#all >= this.#most || this.#pushes + push > PUSHES) {
      const message = 'This connection waits for too many answers already.';
      throw new MedullaError('rate', message, { details: { after: AFTER } });
    }
    this.#all++;
    this.#pushes += push;
    try {
      return await answer();
    } finally {
      this.#all--;
      this.#pushes -= push;
    }
  }
}
