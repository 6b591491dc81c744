import type { Cancel } from '../../../base/clock.ts';
import type { Port } from '../../../protocol/port.ts';
import type { Host } from '../../host.ts';
import { elect } from './elect.ts';
import { follow } from './follow.ts';
import { lead } from './lead.ts';
import { type LeaderParts, visibleLock } from './leader-parts.ts';

/**
 * The hub in one tab for all tabs: whoever gets the lock leads, the others reach it over channels.
 *
 *   join ──┬─▶ asks who leads ──port──────▶ follows ──leader gone──▶ join …
 *          └─▶ waits for the lock ──held──▶ leads ──closed, hidden, stolen──▶ join …
 *
 * What comes first ends the other. A leader that is frozen with notice, or goes into the back/forward cache, lets go
 * first, since the session closes its port then; one that is frozen without is replaced by who finds its hub silent.
 * That hub is deposed then: the next has taken the database over, and what it does is not to be believed.
 */
export function leaderHost(parts: LeaderParts, reason: string | null): Host {
  const { locks, presence } = parts;
  /** The lock of the hub that was joined last. */
  let hubLock: string | undefined;
  let attempt = new AbortController();
  /** How the port that was had last ended, as far as it said so itself: whether its leader was only silent. */
  let ended: { readonly silent: boolean } | undefined;

  /** What the session wants to be called when its hub is gone. */
  let watcher: (() => void) | undefined;

  /**
   * That a leader makes way is no war of two hubs, which a session would end by waiting: it is told as of a hub that is
   * gone, once it knows its hub.
   */
  function gone(silent: boolean): boolean {
    const tell = watcher;
    watcher = undefined;
    ended = { silent };
    tell?.();
    return tell !== undefined;
  }

  presence.watch({ asleep: () => attempt.abort() });

  async function join(signal: AbortSignal, silent: string | undefined): Promise<Port> {
    const port = await new Promise<Port | null>((resolve, reject) => {
      const first = new AbortController();
      first.signal.addEventListener('abort', () => resolve(null));
      const end = () => first.abort();
      signal.addEventListener('abort', end);
      const win = (port: Port) => {
        resolve(port);
        end();
      };
      follow(parts, first.signal, gone)
        .then((port) => {
          if (first.signal.aborted) port?.close();
          else if (port) win(port);
        })
        .catch(reject);
      elect(parts, first.signal, silent)
        .then((seat) => {
          if (first.signal.aborted) seat?.release();
          else if (seat) win(led(seat));
        })
        .catch(reject);
    });
    if (!port) throw new Error('The page was put to sleep');
    return port;
  }

  function led(seat: Parameters<typeof lead>[1]): Port {
    try {
      return lead(parts, seat, gone);
    } catch (error) {
      seat.release();
      throw error;
    }
  }

  return {
    kind: 'leader',
    reason,
    watch(lock, fn) {
      hubLock = lock;
      watcher = fn;
      const cancel = locks.whenFree(lock, fn);
      return () => {
        if (watcher === fn) watcher = undefined;
        cancel();
      };
    },
    async join(dead, failed): Promise<Port> {
      if (failed !== undefined) throw new Error(failed);
      attempt.abort();
      attempt = new AbortController();
      const isSilent = dead !== null && ended?.silent !== false;
      ended = watcher = undefined;
      const seen = showing(parts);
      try {
        const port = await join(attempt.signal, isSilent ? hubLock : undefined);
        return {
          ...port,
          close() {
            seen();
            port.close();
          },
        };
      } catch (error) {
        seen();
        throw error;
      }
    },
  };
}

/** Shares the lock of the tabs that can be seen, whenever this one can; returns what ends that. */
function showing(parts: LeaderParts): Cancel {
  const { locks, presence } = parts;
  let ended = new AbortController();
  const look = (visible: boolean) => {
    ended.abort();
    ended = new AbortController();
    const { signal } = ended;
    if (!visible) return;
    const again = () => {
      if (!signal.aborted) look(presence.visible);
    };
    locks.hold(visibleLock(parts), { mode: 'shared' }, again).then(
      (release) => {
        if (signal.aborted) release?.();
        else signal.addEventListener('abort', () => release?.());
      },
      () => undefined,
    );
  };
  look(presence.visible);
  const unwatch = presence.watch({ seen: look });
  return () => {
    unwatch();
    ended.abort();
  };
}
