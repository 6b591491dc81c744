import type { Random } from '../../../src/base/random.ts';
import type { Store } from '../../../src/server/store.ts';
import { memoryStore } from '../../../src/server/stores/memory-store.ts';
import { storeMethods } from '../../server/support/store-methods.ts';
import type { Dice } from '../../support/dice.ts';

/** A change of the database, in that of its lives. */
interface Call {
  readonly life: number;
  readonly run: (store: Store) => unknown;
}

/**
 * The server's database. A backup is the number of calls that have changed it by then: done once more over an empty
 * database with the same dice, they make the same one; what comes afterwards draws other marks.
 */
export class Database {
  store: Store;
  readonly #dice: Dice;
  #calls: Call[] = [];
  #life = 0;

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

  /** The memory's methods do at once what they do. Each call draws once more what it drew in its own life. */
  #made(calls: readonly Call[]): Store {
    const randomOf = (life: number): Random => this.#dice.fork(`life ${life}`).random;
    let now = 0;
    let random = randomOf(now);
    const store = memoryStore({ random: { next: () => random.next(), id: () => random.id() } });
    for (const { life, run } of calls) {
      if (life !== now) random = randomOf(life);
      now = life;
      void run(store);
    }
    this.#life++;
    random = randomOf(this.#life);
    return store;
  }

  #recorded(store: Store): Store {
    const life = this.#life;
    const record = <T>(run: (to: Store) => T): T => {
      this.#calls.push({ life, run });
      return run(store);
    };
    return {
      ...storeMethods(store),
      commit: (writes, at) => record((to) => to.commit(writes, at)),
      refuse: (refusals, at) => record((to) => to.refuse(refusals, at)),
      trim: (bounds) => record((to) => to.trim(bounds)),
    };
  }
}
