import type { Cancel, Clock } from '../../../src/base/clock.ts';
import type { Locks } from '../../../src/hub/parts.ts';
import type { Dice } from '../../support/dice.ts';
import type { Process } from './process.ts';

interface Waiter {
  readonly process: Process;
  readonly fn: () => void;
}

/** The Web Locks of one browser: they end with the process that holds them. */
export class LockTable {
  readonly #held = new Map<string, Process>();
  readonly #waiters = new Map<string, Set<Waiter>>();
  /** Those who want to hold it next, by name. */
  readonly #next = new Map<string, (() => void)[]>();
  readonly #clock: Clock;
  readonly #dice: Dice;

  constructor(clock: Clock, dice: Dice) {
    this.#clock = clock;
    this.#dice = dice;
  }

  /** The lock's interface as code inside `process` sees it. */
  for(process: Process): Locks {
    return {
      hold: (name) =>
        process.promise((resolve) => {
          this.#clock.after(this.#dice.int(0, 3), () => {
            const take = () => {
              if (process.dead) return;
              if (this.#held.has(name)) {
                // One holds it, also where the same page asks twice.
                this.#next.set(name, [...(this.#next.get(name) ?? []), take]);
                return;
              }
              this.#held.set(name, process);
              const release = () => this.#free(name, process);
              process.atDeath(() => this.#clock.after(this.#dice.int(1, 120), release));
              resolve(release);
            };
            take();
          });
        }),
      whenFree: (name, fn) => this.whenFree(process, name, fn),
    };
  }

  whenFree(process: Process, name: string, fn: () => void): Cancel {
    let cancelled = false;
    const waiter: Waiter = { process, fn: () => !cancelled && fn() };
    const waiters = this.#waiters.get(name) ?? new Set();
    this.#waiters.set(name, waiters.add(waiter));
    if (!this.#held.has(name)) this.#clock.after(1, () => this.#grant(name));
    return () => {
      cancelled = true;
      waiters.delete(waiter);
    };
  }

  #free(name: string, process: Process): void {
    if (this.#held.get(name) !== process) return;
    this.#held.delete(name);
    this.#grant(name);
  }

  #grant(name: string): void {
    if (this.#held.has(name)) return;
    const waiters = this.#waiters.get(name);
    this.#waiters.delete(name);
    for (const { process, fn } of waiters ?? []) process.enter(fn);
    const next = this.#next.get(name) ?? [];
    this.#next.delete(name);
    for (const take of next) take();
  }
}
