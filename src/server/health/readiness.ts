import type { Clock } from '../../base/clock.ts';
import type { Log } from '../../base/log.ts';
import type { Store } from '../store.ts';

/** For how long an answer of the store's holds, and how long it may take, in milliseconds. */
const HOLDS = 1_000;
const DEADLINE = 2_000;

/** Why nobody should be sent here. `starting`: its store is being opened. `store`: it does not open, or does not answer. */
export type Unready = 'starting' | 'store' | 'closing';

export interface ReadinessParts {
  readonly store: Pick<Store, 'number'>;
  readonly clock: Clock;
  readonly log: Log;
  /** Resolves once the store is open; rejects where it cannot be opened. */
  readonly ready: Promise<void>;
}

/** Knows whether clients should be sent to this server. The log hears of it when that changes. */
export class Readiness {
  readonly #parts: ReadinessParts;
  #state: 'starting' | 'store' | 'open' | 'closing' = 'starting';
  /** Many may ask: the store is asked once for all of them. */
  #asked: { readonly at: number; readonly answer: Promise<Error | null> } | null = null;
  #told: Unready | null = 'starting';

  constructor(parts: ReadinessParts) {
    this.#parts = parts;
    parts.ready.then(
      () => this.#to('open'),
      () => this.#to('store'),
    );
  }

  /** From now on nobody is to come. */
  close(): void {
    this.#to('closing');
  }

  /** Null = it is ready. Never rejects, and never takes longer than two seconds. */
  async problem(): Promise<Unready | null> {
    if (this.#state !== 'open') return this.#state;
    const now = this.#parts.clock.now();
    if (!this.#asked || Math.abs(now - this.#asked.at) >= HOLDS)
      this.#asked = { at: now, answer: this.#ask() };
    const error = await this.#asked.answer;
    // It may have begun to close meanwhile.
    if (this.#state !== 'open') return this.#state;
    this.#tell(error ? 'store' : null, error?.message);
    return error ? 'store' : null;
  }

  /** Null = the store answers. */
  #ask(): Promise<Error | null> {
    const { store, clock } = this.#parts;
    // An application's own store may throw at once, in the place of a promise.
    const number = async () => store.number();
    return new Promise((resolve) => {
      const late = new Error(`The store has not answered within ${DEADLINE} ms.`);
      const cancel = clock.after(DEADLINE, () => resolve(late));
      number()
        .then(
          () => null,
          (error: unknown) => (error instanceof Error ? error : new Error(String(error))),
        )
        .then(resolve)
        .finally(cancel);
    });
  }

  #to(state: 'store' | 'open' | 'closing'): void {
    if (this.#state === 'closing') return;
    this.#state = state;
    this.#tell(state === 'open' ? null : state);
  }

  #tell(why: Unready | null, problem?: string): void {
    if (why === this.#told) return;
    this.#told = why;
    const { log } = this.#parts;
    if (why === null) log('info', 'ready');
    else log(why === 'closing' ? 'info' : 'error', 'not-ready', { why, ...(problem && { problem }) });
  }
}
