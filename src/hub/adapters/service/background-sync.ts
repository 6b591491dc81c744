import { systemClock } from '../../../base/clock.ts';
import type { Log } from '../../../base/log.ts';
import { systemRandom } from '../../../base/random.ts';
import { MedullaError } from '../../../protocol/errors.ts';
import { drainOnce } from '../../background/drain-once.ts';
import { hubLock } from '../../parts.ts';
import { browserHub } from '../browser-hub.ts';
import { type LockManagerLike, webLocks } from '../web-locks.ts';
import { httpConnection } from './http-connection.ts';
import { type LeftBehind, leftBehind } from './left-behind.ts';

export interface BackgroundSyncParts {
  readonly locks: LockManagerLike;
  readonly log: Log;
  /** How many pages of this origin are open: each has a hub, or gets one. */
  readonly pages: () => Promise<number>;
  /** Milliseconds without a step forward after which it is given up for now. */
  readonly patience?: number;
}

/**
 * Sends what is left in the databases of this origin, by HTTP, while no page is there to see to it. Rejects where
 * something is left: then the browser calls again, later.
 */
export async function backgroundSync({
  locks,
  log,
  pages,
  patience = 30_000,
}: BackgroundSyncParts): Promise<void> {
  const found = await leftBehind();
  const ends = await Promise.allSettled(found.map(send));
  for (const end of ends) if (end.status === 'rejected') throw end.reason;

  async function send(left: LeftBehind): Promise<void> {
    try {
      if ((await pages()) > 0) throw new MedullaError('deposed', 'A page is open: its hub sends them');
      if (!(await isFree(left))) throw new MedullaError('deposed', 'The last hub is still there');
      const hub = browserHub({ ...left, slot: 0 }, { locks, log, connect: httpConnection });
      const parts = { locks: webLocks(locks), clock: systemClock, random: systemRandom, patience };
      await drainOnce({ hub, token: left.token, ...parts });
      log('info', 'sent-in-background', { user: left.user });
    } catch (error) {
      log('info', 'not-sent-in-background', { user: left.user, error: String(error) });
      throw error;
    }
  }

  /** Whether nobody holds the lock of the hub that had it last. A worker may outlive its last page for a while. */
  function isFree({ boot }: LeftBehind): Promise<boolean> {
    return new Promise((resolve, reject) => {
      const options = { mode: 'shared', ifAvailable: true } as const;
      locks.request(hubLock(boot), options, (lock) => resolve(lock !== null)).catch(reject);
    });
  }
}
