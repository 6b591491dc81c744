import { MedullaError } from '../../protocol/errors.ts';

/** Counts the connections that each user has open here. '' = nobody counts them. */
export class Connections {
  readonly #most: number;
  readonly #open = new Map<string, number>();

  constructor(most: number) {
    this.#most = most;
  }

  /** Throws a MedullaError 'rate' where there is no room for one more. */
  check(who: string): void {
    if (who === '' || this.#of(who) < this.#most) return;
    const message = `One user may have ${this.#most} connections open at once: it is tried again.`;
    throw new MedullaError('rate', message);
  }

  /** Counts one, or throws as `check` does: of those that were let in at the same time some may be too many. */
  begin(who: string): void {
    this.check(who);
    this.#open.set(who, this.#of(who) + 1);
  }

  end(who: string): void {
    const left = this.#of(who) - 1;
    if (left > 0) this.#open.set(who, left);
    else this.#open.delete(who);
  }

  #of(who: string): number {
    return this.#open.get(who) ?? 0;
  }
}
