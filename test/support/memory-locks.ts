import type { Cancel } from '../../src/base/clock.ts';
import type { Locks } from '../../src/hub/parts.ts';

/** Locks of one browser, in memory. What waits for a lock that nobody has held yet waits until somebody has let it go. */
export class MemoryLocks implements Locks {
  readonly #held = new Set<string>();
  readonly #waiters = new Map<string, Set<() => void>>();

  async hold(name: string): Promise<Cancel> {
    this.#held.add(name);
    return () => this.free(name);
  }

  whenFree(name: string, fn: () => void): Cancel {
    const waiters = this.#waiters.get(name) ?? new Set();
    this.#waiters.set(name, waiters.add(fn));
    return () => waiters.delete(fn);
  }

  isHeld(name: string): boolean {
    return this.#held.has(name);
  }

  /** The holder is gone: it let go, or died. */
  free(name: string): void {
    if (!this.#held.delete(name)) return;
    const waiters = this.#waiters.get(name);
    this.#waiters.delete(name);
    for (const fn of waiters ?? []) fn();
  }
}
