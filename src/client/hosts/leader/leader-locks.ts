import type { Cancel } from '../../../base/clock.ts';

/** As much of `navigator.locks` as a leader tab needs. */
export interface LockManagerLike {
  request(name: string, options: LockWish, held: (lock: unknown) => unknown): Promise<unknown>;
  query(): Promise<{
    readonly held?: readonly { readonly name?: string; readonly clientId?: string }[];
  }>;
}

/** How a lock is to be had. */
export interface LockWish {
  readonly mode?: 'exclusive' | 'shared';
  readonly signal?: AbortSignal;
  readonly steal?: boolean;
  readonly ifAvailable?: boolean;
}

const ignore = () => undefined;

/** The locks of this origin, as leaders and their followers use them. */
export function leaderLocks(manager: LockManagerLike) {
  return {
    /** Resolves with what lets the lock go, or with null where it is not to be had now. `stolen`: somebody has taken it away. */
    hold: (name: string, wish: LockWish = {}, stolen: () => void = ignore): Promise<Cancel | null> =>
      new Promise((resolve, reject) => {
        let held = false;
        const got = (lock: unknown) => {
          held = lock !== null;
          if (held) return new Promise<void>((release) => resolve(release));
          return resolve(null);
        };
        manager.request(name, wish, got).catch((error) => (held ? stolen() : reject(error)));
      }),

    /** Calls `fn` once the lock, which somebody holds, falls free. */
    whenFree(name: string, fn: () => void): Cancel {
      const waiting = new AbortController();
      const { signal } = waiting;
      manager.request(name, { mode: 'shared', signal }, ignore).then(() => signal.aborted || fn(), ignore);
      return () => waiting.abort();
    },

    /** The context that holds each lock. */
    async holders(): Promise<ReadonlyMap<string, string>> {
      const { held = [] } = await manager.query();
      return new Map(held.map(({ name = '', clientId = '' }) => [name, clientId]));
    },
  };
}
export type LeaderLocks = ReturnType<typeof leaderLocks>;
