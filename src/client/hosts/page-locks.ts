import type { Cancel } from '../../base/clock.ts';

const ignore = () => undefined;
/** Missing where the page is not a secure context: nobody is told of a death then, and deadlines have to do. */
const locks = () => (globalThis as { navigator?: Navigator }).navigator?.locks;

/** Resolves with what lets the lock go. `ifFree`: resolves with undefined where somebody else has it. */
export function hold(name: string, ifFree = false): Promise<Cancel | undefined> {
  const manager = locks();
  if (!manager) return Promise.resolve(ignore);
  return new Promise((resolve, reject) => {
    manager
      .request(name, { ifAvailable: ifFree }, (lock) => {
        if (lock) return new Promise<void>((release) => resolve(() => release()));
        return resolve(undefined);
      })
      .catch(reject);
  });
}

/** Calls `fn` once the lock, which somebody holds, falls free. */
export function whenFree(name: string, fn: () => void): Cancel {
  const waiting = new AbortController();
  const { signal } = waiting;
  locks()
    ?.request(name, { mode: 'shared', signal }, ignore)
    .then(() => signal.aborted || fn(), ignore);
  return () => waiting.abort();
}

/** Runs `fn` while no other page does. */
export async function alone<T>(name: string, fn: () => T): Promise<T> {
  const manager = locks();
  return manager ? ((await manager.request(name, async () => fn())) as T) : fn();
}
