import type { Cancel, Clock } from '../../../src/base/clock.ts';

/**
 * Something that can freeze or die at any instant: a tab, a hub's worker, the server. Real code runs in it; all that
 * reaches that code from outside (timers, messages, answers) goes through `enter`, so that a dead process never hears
 * of anything again, as if its memory were gone, and a frozen one hears of it all, in order, when it thaws.
 */
export class Process {
  readonly name: string;
  readonly clock: Clock;
  #state: 'running' | 'frozen' | 'dead' = 'running';
  #waiting: (() => void)[] = [];
  #deaths: (() => void)[] = [];

  constructor(name: string, clock: Clock) {
    this.name = name;
    this.clock = { now: () => clock.now(), after: (ms, fn) => this.#after(clock, ms, fn) };
  }

  get running(): boolean {
    return this.#state === 'running';
  }

  get frozen(): boolean {
    return this.#state === 'frozen';
  }

  get dead(): boolean {
    return this.#state === 'dead';
  }

  /** Runs `fn` inside: now, or at the thaw, or never. */
  enter(fn: () => void): void {
    if (this.#state === 'running') fn();
    else if (this.#state === 'frozen') this.#waiting.push(fn);
  }

  /** A promise that code inside waits on: it settles inside, or never. What code outside of a living process starts, never begins. */
  promise<T>(start: (resolve: (value: T) => void, reject: (error: unknown) => void) => void): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      if (this.#state === 'dead') return;
      start(
        (value) => this.enter(() => resolve(value)),
        (error) => this.enter(() => reject(error)),
      );
    });
  }

  freeze(): void {
    if (this.#state === 'running') this.#state = 'frozen';
  }

  thaw(): void {
    if (this.#state !== 'frozen') return;
    this.#state = 'running';
    for (const fn of this.#waiting.splice(0)) this.enter(fn);
  }

  /** Ends it without a word to the code inside. */
  kill(): void {
    if (this.#state === 'dead') return;
    this.#state = 'dead';
    this.#waiting = [];
    for (const fn of this.#deaths.splice(0)) fn();
  }

  /** What the platform around it does when it dies. */
  atDeath(fn: () => void): void {
    this.#deaths.push(fn);
  }

  #after(clock: Clock, ms: number, fn: () => void): Cancel {
    let cancelled = false;
    const cancel = clock.after(ms, () => this.enter(() => !cancelled && fn()));
    return () => {
      cancelled = true;
      cancel();
    };
  }
}
