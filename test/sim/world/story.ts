import type { Clock } from '../../../src/base/clock.ts';
import { hash } from '../../support/dice.ts';

/** What happened in a run, a line an event, with the virtual time in seconds; and the hash of it, which a replay must reach again. */
export class Story {
  readonly lines: string[] = [];
  #hash = 0;
  readonly #clock: Clock;
  readonly #start: number;
  readonly #echo: ((line: string) => void) | undefined;

  constructor(clock: Clock, echo?: (line: string) => void) {
    this.#clock = clock;
    this.#start = clock.now();
    this.#echo = echo;
  }

  tell(who: string, what: string): void {
    const line = `${((this.#clock.now() - this.#start) / 1000).toFixed(3).padStart(9)}  ${who.padEnd(9)} ${what}`;
    this.lines.push(line);
    this.#hash = hash(line, this.#hash ^ 0x811c9dc5);
    this.#echo?.(line);
  }

  get hash(): string {
    return this.#hash.toString(16).padStart(8, '0');
  }

  get seconds(): number {
    return (this.#clock.now() - this.#start) / 1000;
  }
}
