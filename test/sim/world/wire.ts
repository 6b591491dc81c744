import type { Clock } from '../../../src/base/clock.ts';
import type { Dice } from '../../support/dice.ts';

/** One direction of one socket: late by chance, in order, and after a cut nothing more. */
export class Wire {
  readonly #clock: Clock;
  readonly #dice: Dice;
  readonly #delay: () => number;
  #last = 0;
  #cut = false;

  constructor(clock: Clock, dice: Dice, delay: () => number) {
    this.#clock = clock;
    this.#dice = dice;
    this.#delay = delay;
  }

  /** How many messages are on their way. */
  under = 0;

  send(deliver: () => void): void {
    if (this.#cut) return;
    const delay = this.#delay() * (0.5 + this.#dice.random.next());
    this.#last = Math.max(this.#last, this.#clock.now() + delay);
    this.under += 1;
    this.#clock.after(this.#last - this.#clock.now(), () => {
      this.under -= 1;
      if (!this.#cut) deliver();
    });
  }

  /** What is on its way is lost, and all that is sent from now on. */
  cut(): void {
    this.#cut = true;
  }
}
