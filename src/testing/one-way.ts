import type { Clock } from '../base/clock.ts';

/** One direction of a wire in memory: in order, and so many milliseconds late; without a delay, at once. */
export class OneWay {
  readonly #clock: Clock;
  readonly #delay: () => number;
  #last = 0;
  /** Messages that are on their way. */
  under = 0;

  constructor(clock: Clock, delay: () => number) {
    this.#clock = clock;
    this.#delay = delay;
  }

  send(arrive: () => void): void {
    const delay = this.#delay();
    if (delay <= 0 && this.under === 0) {
      arrive();
      return;
    }
    const now = this.#clock.now();
    this.#last = Math.max(this.#last, now + delay);
    this.under += 1;
    this.#clock.after(this.#last - now, () => {
      this.under -= 1;
      arrive();
    });
  }
}
