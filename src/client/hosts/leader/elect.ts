import type { Cancel } from '../../../base/clock.ts';
import { isOtherSeen, type LeaderParts, seenProtocols, visibleLock } from './leader-parts.ts';

/** Milliseconds that a tab nobody can see lets those go first whom somebody can. */
const AFTER_YOU = 1_000;

/** What it takes to lead: the lock. */
export interface Seat {
  release(): void;
  /** It was taken from a tab that is silent. */
  readonly wasSilent: boolean;
  /** Called once where another tab has taken it away. */
  stolen: () => void;
}

/**
 * Waits for the lock of the leader; null where `signal` ends that first. The tabs that can be seen go before the others.
 * `silent`: the lock of a hub that this tab has found dead. Where the tab that leads still has that, it is frozen, or
 * as good as that: its lock is taken away. So is that of one that answers nobody.
 */
export async function elect(
  parts: LeaderParts,
  signal: AbortSignal,
  silent: string | undefined,
): Promise<Seat | null> {
  const { name, locks, clock, presence, deadline } = parts;
  const seat = { release: () => undefined, wasSilent: false, stolen: () => undefined };
  const stolen = () => seat.stolen();
  const waiting = new AbortController();
  let timer: Cancel = () => undefined;
  const give = () => waiting.abort();
  signal.addEventListener('abort', give);
  if (signal.aborted) give();

  return new Promise((resolve, reject) => {
    const fail = (error: unknown) => waiting.signal.aborted || reject(error);

    /** What comes first is taken; a lock that comes later is let go. */
    function take(release: Cancel | null, wasSilent = false): void {
      if (waiting.signal.aborted) release?.();
      else if (release) {
        resolve(Object.assign(seat, { release, wasSilent }));
        waiting.abort();
      }
    }
    waiting.signal.addEventListener('abort', () => {
      timer();
      signal.removeEventListener('abort', give);
      resolve(null);
    });

    /** Takes the lock away from the tab that `isDead` says is: one tab at a time, and each looks for itself. */
    async function replace(isDead: (holders: ReadonlyMap<string, string>) => boolean): Promise<void> {
      const done = await locks.hold(`${name}:replace`, { ifAvailable: true });
      if (!done) return;
      if (!waiting.signal.aborted && isDead(await locks.holders())) {
        parts.log('warn', 'leader-replaced', { name });
        take(await locks.hold(name, { steal: true }, stolen), true);
        // It does not count as seen any more: who is awake takes this lock again.
        for (const protocol of seenProtocols(name, await locks.holders())) {
          const release = await locks.hold(visibleLock({ name, protocol }), { steal: true });
          release?.();
        }
      }
      done();
    }

    /** Whoever has the lock for so long, and has answered nobody, is replaced. */
    function watch(holder: string | undefined): void {
      const again = async () => {
        await replace((holders) => holder !== undefined && holders.get(name) === holder);
        const now = await locks.holders();
        if (!waiting.signal.aborted) watch(now.get(name));
      };
      timer = clock.after(deadline, () => again().catch(fail));
    }

    async function run(): Promise<void> {
      if (silent !== undefined)
        await replace((holders) => holders.has(silent) && holders.get(silent) === holders.get(name));
      const holders = await locks.holders();
      if (waiting.signal.aborted) return;
      watch(holders.get(name));
      if (!presence.visible && isOtherSeen(parts, holders))
        await new Promise<void>((resolve) => clock.after(AFTER_YOU, resolve));
      if (waiting.signal.aborted) return;
      take(await locks.hold(name, { signal: waiting.signal }, stolen));
    }
    run().catch(fail);
  });
}
