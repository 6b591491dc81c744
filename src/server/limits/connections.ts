import { MedullaError } from '../../protocol/errors.ts';
import type { Client, Who } from './who.ts';

/** Counts the connections that each user has open here. '' = nobody counts them. */
export class Connections {
  readonly #most: number;
  readonly #who: Who;
  readonly #open = new Map<string, number>();

  constructor(most: number, who: Who = ({ user }) => user) {
    this.#most = most;
    this.#who = who;
  }

  /** Throws a MedullaError 'rate' where there is no room for one more. */
  check(client: Client): void {
    const who = this.#who(client);
    if (who === '' || (this.#open.get(who) ?? 0) < this.#most) return;
    const message = `One user may have ${this.#most} connections open at once: it is tried again.`;
    throw new MedullaError('rate', message);
  }

  /** Counts one, or throws as `check` does: of those that were let in at the same time some may be too many. Returns what ends it. */
  begin(client: Client): () => void {
    this.check(client);
    const who = this.#who(client);
    this.#open.set(who, (this.#open.get(who) ?? 0) + 1);
    return () => {
      const left = (this.#open.get(who) ?? 0) - 1;
      if (left > 0) this.#open.set(who, left);
      else this.#open.delete(who);
    };
  }
}
