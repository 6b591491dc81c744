import { unreachable } from '../../base/assert.ts';
import type { Cancel, Clock } from '../../base/clock.ts';
import type { Random } from '../../base/random.ts';
import { fits } from '../../base/shape.ts';
import { MedullaError } from '../../protocol/errors.ts';
import type { TabId } from '../../protocol/ids.ts';
import { type Status, type TabDown, tabDown } from '../../protocol/tab-down.ts';
import { ACKNOWLEDGED, tabLock } from '../../protocol/tab-terms.ts';
import type { TabUp } from '../../protocol/tab-up.ts';
import { PROTOCOL } from '../../protocol/version.ts';
import type { Hub } from '../create-hub.ts';
import type { Locks } from '../parts.ts';

export interface DrainOnceParts {
  readonly hub: Pick<Hub, 'attach' | 'flush' | 'close'>;
  /** What the application had kept to be known by. */
  readonly token: string | null;
  readonly locks: Locks;
  readonly clock: Clock;
  readonly random: Random;
  /** Milliseconds without a step forward after which it is given up for now. */
  readonly patience: number;
}

/**
 * Has a hub send what it holds, with no page there: it is attended by a tab that has no page, writes nothing, follows
 * nothing, and has seen its user before, so that it signs nobody in. Resolves once nothing is left to be sent, or
 * somebody else sees to it: another hub has the database, or the user has left. Rejects with a MedullaError where it is to be tried again.
 * The hub is closed then.
 */
export async function drainOnce({
  hub,
  token,
  locks,
  clock,
  random,
  patience,
}: DrainOnceParts): Promise<void> {
  const tab = random.id() as TabId;
  const leave = await locks.hold(tabLock(tab));
  try {
    await attended();
    await hub.flush();
  } finally {
    leave();
    await hub.close();
  }

  function attended(): Promise<void> {
    return new Promise((resolve, reject) => {
      let say: (message: TabUp) => void = () => undefined;
      let left = Number.POSITIVE_INFINITY;
      let late: Cancel = () => undefined;
      const giveUp = (code: 'unreachable' | 'storage' | 'no-hub', message: string) => {
        late();
        reject(new MedullaError(code, message));
      };
      const wait = () => {
        late();
        late = clock.after(patience, () => giveUp('unreachable', `${left} writes could not be sent in time`));
      };
      const look = ({ pending, connection, durable, durableReason, message }: Status) => {
        if (!durable) giveUp('storage', `The database cannot be had: ${durableReason}`);
        else if (connection === 'paused') giveUp('unreachable', String(message));
        else if (connection === 'open' && pending === 0) done();
        else if (pending < left) wait();
        left = pending;
      };
      const done = () => {
        late();
        resolve();
      };
      const hear = (down: TabDown) => {
        switch (down.type) {
          case 'batch':
            if (down.batch % ACKNOWLEDGED === 0) say({ type: 'ack', batch: down.batch });
            if (down.status) look(down.status);
            break;
          case 'authenticate':
            say({ type: 'token', request: down.request, token });
            break;
          case 'signedOut':
          case 'deposed':
            done();
            break;
          case 'failed':
            giveUp('no-hub', down.message);
            break;
          case 'welcome':
          case 'received':
          case 'migrate':
          case 'adopted':
          case 'stillSignedIn':
            break; // about what no page is there for
          default:
            unreachable(down);
        }
      };
      wait();
      hub.attach({
        // Never while the hub is at it: what it hears comes after what it does.
        post: (message) => fits(tabDown, message) && queueMicrotask(() => hear(message)),
        listen(heard) {
          say = heard;
          say({ type: 'hello', tab, protocol: PROTOCOL, boot: null, n: 0, served: true });
        },
        close: () => undefined,
      });
    });
  }
}
