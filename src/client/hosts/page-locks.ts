import type { Cancel } from '../../base/clock.ts';

const ignore = () => undefined;
/** Missing where the page is not a secure context: nobody is told of a death then, and deadlines have to do. */
const locks = () => (globalThis as { navigator?: Navigator }).navigator?.locks;

/** Resolves with what lets the lock go. */
export function hold(name: string): Promise<Cancel> {
  return new Promise((resolve, reject) => {
    const held = () => new Promise<void>(resolve);
    const ended = locks()?.request(name, held) ?? held();
    ended.catch(reject);
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

/** Takes the lock; resolves with what lets it go, or with null where somebody else has it. */
export async function take(name: string): Promise<(() => unknown) | null> {
  const manager = locks();
  if (!manager) return ignore;
  return new Promise((resolve, reject) => {
    const ended = manager.request(name, { ifAvailable: true }, (lock) => {
      if (!lock) return resolve(null);
      return new Promise<void>((release) => {
        resolve(() => {
          release();
          return ended;
        });
      });
    });
    ended.catch(reject);
  });
}
