import type { Cancel } from '../base/clock.ts';
import type { Locks } from '../hub/parts.ts';

/** Somebody who waits for a lock. `end` is called where the lock is to be had by the next. */
type Waiter = (end: Cancel) => void;

/**
 * Locks of one browser, in memory. One holds a lock, and the others get it in the order of their wish. Who only waits
 * for its fall does so in shared mode, and holds up nobody.
 */
export class MemoryLocks implements Locks {
  /** Of each lock that is held: what lets it go. */
  readonly #held = new Map<string, Cancel>();
  readonly #waiting = new Map<string, Set<Waiter>>();

  hold(name: string): Promise<Cancel> {
    return new Promise((held) => {
      this.#wish(name, (end) => {
        this.#held.set(name, end);
        held(end);
      });
    });
  }

  whenFree(name: string, fn: () => void): Cancel {
    const waiter: Waiter = (end) => {
      end();
      if (!cancelled) fn();
    };
    let cancelled = false;
    this.#wish(name, waiter);
    return () => {
      cancelled = true;
      this.#waiting.get(name)?.delete(waiter);
    };
  }

  isHeld(name: string): boolean {
    return this.#held.has(name);
  }

  /** The holder is gone: it let go, or died. */
  free(name: string): void {
    this.#held.get(name)?.();
  }

  #wish(name: string, waiter: Waiter): void {
    const waiting = this.#waiting.get(name) ?? new Set();
    this.#waiting.set(name, waiting.add(waiter));
    queueMicrotask(() => this.#grant(name));
  }

  /** Gives the lock to the first who waits, and to those who only wait for its fall before that. */
  #grant(name: string): void {
    const waiting = this.#waiting.get(name);
    for (const waiter of waiting ?? []) {
      if (this.#held.has(name)) return;
      waiting?.delete(waiter);
      const end: Cancel = () => {
        if (this.#held.get(name) !== end) return;
        this.#held.delete(name);
        queueMicrotask(() => this.#grant(name));
      };
      waiter(end);
    }
  }
}
