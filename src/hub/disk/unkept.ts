import type { Cancel } from '../../base/clock.ts';
import type { HubContext } from '../context.ts';
import { withFollowers } from '../lanes/with-followers.ts';
import type { Endings } from '../outbox/endings.ts';
import { type Entry, isUnsent } from '../outbox/entry.ts';

/**
 * Writes that nothing keeps: the disk has no room for them, or there is none. They are never called queued. Over a
 * connection they wait for the server's word; without one, for as long as `patience`, for the disk or the connection.
 * Then their tab is told that they are not in the outbox.
 */
export class Unkept {
  readonly #hub: HubContext;
  readonly #endings: Endings;
  #timer: Cancel | null = null;

  constructor(hub: HubContext, endings: Endings) {
    this.#hub = hub;
    this.#endings = endings;
  }

  /** There may be some. */
  watch(): void {
    const { journal, outbox, clock, options } = this.#hub;
    if (this.#timer || !journal.fault) return;
    const { last } = outbox;
    this.#timer = clock.after(options.patience, () => {
      this.#timer = null;
      this.#look(last);
    });
  }

  /** `last`: those after it have not waited for as long. */
  #look(last: number): void {
    const { outbox, line, journal } = this.#hub;
    const all = journal.fault ? [...outbox.moving()].filter(isUnkept) : [];
    for (const entry of line.welcome ? [] : all)
      if (entry.order <= last)
        for (const one of withFollowers(entry, outbox).filter(isUnkept)) this.#fail(one);
    if (all.some((entry) => outbox.get(entry.mutation.id) === entry)) this.watch();
  }

  #fail(entry: Entry): void {
    const why = `there is no connection, and nothing keeps it here (${this.#hub.journal.fault})`;
    this.#endings.fail(entry, 'storage', `Cannot queue this write: ${why}`);
  }
}

/** One that may have been sent cannot be said to be in no outbox. */
const isUnkept = (entry: Entry): boolean => entry.kept && !entry.durable && isUnsent(entry);
