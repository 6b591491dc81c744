import type { Clock } from '../../../base/clock.ts';

/** For how long what was known is taken for what is, in milliseconds. */
const FRESH = 1_000;

/**
 * The number of the newest receipt, as far as this node knows. Each push asks for it, and one that other nodes have left
 * behind by now does no harm: a write whose number is older than need be is taken for lost too soon, which is after
 * half a year less a second.
 */
export class ReceiptNumber {
  readonly #clock: Clock;
  readonly #ask: () => Promise<number>;
  #newest: { readonly number: number; readonly at: number } | null = null;

  constructor(clock: Clock, ask: () => Promise<number>) {
    this.#clock = clock;
    this.#ask = ask;
  }

  /** One that this node has given. */
  given(number: number): void {
    this.#newest = { number: Math.max(number, this.#newest?.number ?? 0), at: this.#clock.now() };
  }

  async current(): Promise<number> {
    const known = this.#newest;
    if (known && this.#clock.now() - known.at < FRESH) return known.number;
    try {
      this.given(await this.#ask());
    } catch (error) {
      if (!known) throw error;
    }
    return this.#newest?.number ?? 0;
  }
}
