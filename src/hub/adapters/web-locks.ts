import type { Locks } from '../parts.ts';

/** As much of a LockManager as is used. */
export interface LockManagerLike {
  request(
    name: string,
    options: { mode?: 'exclusive' | 'shared'; signal?: AbortSignal; ifAvailable?: boolean },
    /** Called with null where it is not available. */
    held: (lock: unknown) => unknown,
  ): Promise<unknown>;
}

/**
 * The Web Locks of this origin. Those who wait do so in shared mode: all of them are told at once, and none holds up
 * another. A page that waits can still go into the back/forward cache; one that is waited for cannot.
 *
 * Where there are none (a page that is not a secure context), nobody is ever told, and deadlines have to do.
 */
export function webLocks(locks: LockManagerLike | undefined): Locks {
  if (!locks) return { hold: () => Promise.resolve(ignore), whenFree: () => ignore };
  return {
    hold: (name) =>
      new Promise((held, refused) => {
        locks.request(name, {}, () => new Promise<void>((release) => held(release))).catch(refused);
      }),
    whenFree(name, fn) {
      const waiting = new AbortController();
      const { signal } = waiting;
      locks.request(name, { mode: 'shared', signal }, ignore).then(
        // The lock may have been granted before it was told that nobody waits any more.
        () => signal.aborted || fn(),
        ignore,
      );
      return () => waiting.abort();
    },
  };
}

const ignore = () => undefined;
