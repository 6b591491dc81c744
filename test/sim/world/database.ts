import type { Random } from '../../../src/base/random.ts';
import type { Store } from '../../../src/server/store.ts';
import { memoryStore } from '../../../src/server/stores/memory-store.ts';
import type { Dice } from './dice.ts';
import { overStore } from './over-store.ts';

/**
 * The server's database. A backup is the number of calls that have changed it by then: done once more over an empty
 * database with the same dice, they make the same one; what comes afterwards draws other marks.
 */
export class Database {
  store: Store;
  readonly #dice: Dice;
  #calls: ((store: Store) => unknown)[] = [];
  #lives = 0;

  constructor(dice: Dice) {
    this.#dice = dice;
    this.store = this.#recorded(this.#made([]));
  }

  get backup(): number {
    return this.#calls.length;
  }

  /** It is again what it was then. */
  restore(backup: number): void {
    this.#calls = this.#calls.slice(0, backup);
    this.store = this.#recorded(this.#made(this.#calls));
  }

  /** The memory's methods do at once what they do. */
  #made(calls: readonly ((store: Store) => unknown)[]): Store {
    let random: Random = this.#dice.fork('first').random;
    const store = memoryStore({ random: { next: () => random.next(), id: () => random.id() } });
    for (const call of calls) void call(store);
    if (this.#lives++ > 0) random = this.#dice.fork(`life ${this.#lives}`).random;
    return store;
  }

  #recorded(store: Store): Store {
    const record = <T>(call: (to: Store) => T): T => {
      this.#calls.push(call);
      return call(store);
    };
    return overStore(store, {
      commit: (writes, at) => record((to) => to.commit(writes, at)),
      refuse: (refusals, at) => record((to) => to.refuse(refusals, at)),
      trim: (bounds) => record((to) => to.trim(bounds)),
    });
  }
}
