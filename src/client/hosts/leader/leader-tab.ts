import { systemClock } from '../../../base/clock.ts';
import type { Log } from '../../../base/log.ts';
import { systemRandom } from '../../../base/random.ts';
import { hubName } from '../../../protocol/hosts/hub-name.ts';
import type { HubConfiguration } from '../../../protocol/hub-configuration.ts';
import { PROTOCOL } from '../../../protocol/version.ts';
import type { Host } from '../../host.ts';
import { pageLifecycle } from '../page-lifecycle.ts';
import { leaderHost } from './leader-host.ts';
import { leaderLocks } from './leader-locks.ts';
import type { LeaderParts } from './leader-parts.ts';
import { presenceOf } from './presence.ts';

/** A leader tab in this browser; throws where that is not to be had. */
export function leaderTab(
  reason: string,
  configuration: Omit<HubConfiguration, 'slot'>,
  start: LeaderParts['start'],
  log: Log,
  deadline = 5000,
): Host {
  // Without locks there would be two leaders, without a channel each tab would be one, without a database nothing would be left to the next.
  const { navigator, BroadcastChannel, indexedDB } = globalThis as Partial<typeof globalThis>;
  const locks = navigator?.locks;
  if (!locks || !BroadcastChannel || !indexedDB)
    throw new Error('A leader tab needs Web Locks, BroadcastChannel and IndexedDB');
  const parts = {
    name: `medulla-leader:${hubName(configuration)}`,
    protocol: PROTOCOL,
    locks: leaderLocks(locks),
    open: (name: string) => new BroadcastChannel(name),
    start,
    presence: presenceOf(pageLifecycle),
    clock: systemClock,
    newId: systemRandom.id,
    log,
    deadline,
  };
  return leaderHost(parts, reason);
}
