/** What is only loaded where there is to be no SharedWorker, or it does not start: the other kinds of host. */
import { unreachable } from '../../base/assert.ts';
import type { Log } from '../../base/log.ts';
import { hubName } from '../../protocol/hosts/hub-name.ts';
import type { HubConfiguration } from '../../protocol/hub-configuration.ts';
import type { Host, HostChoice, HostKind } from '../host.ts';
import { diagnose } from './diagnose.ts';
import { fallbackHost } from './fallback-host.ts';
import { leaderTab } from './leader/leader-tab.ts';
import { type OwnHub, pageHost } from './page-host.ts';
import { take, whenFree } from './page-locks.ts';
import { serviceWorkerHost } from './service-worker-host.ts';

export interface Wanted {
  /** What the application asked for. */
  readonly host: HostChoice;
  readonly configuration: Omit<HubConfiguration, 'slot'>;
  /** The worker's. */
  readonly url: string;
  /** What the SharedWorker said when it did not start; null where none was tried. */
  readonly what: string | null;
  /** A violation of the Content-Security-Policy was reported. */
  readonly forbidden: boolean;
  /** The SharedWorker as host; null where this browser has none. */
  readonly shared: Host | null;
  /** Milliseconds without an answer after which a hub is suspect; 5000. */
  readonly deadline?: number | undefined;
}

/**
 * Starts a hub in this page. `taken`: another page has the database. `silent`: the hub before says nothing any more, and
 * may still be in the database, where nobody can tell how long it stays.
 */
export type StartHub = (configuration: HubConfiguration, before: 'taken' | 'silent' | null) => OwnHub;

/** What is tried one after the other. Where the SharedWorker comes first, it has been tried before this was loaded. */
const KINDS: Readonly<Record<HostChoice, readonly HostKind[]>> = {
  auto: ['leader', 'page'],
  shared: ['leader', 'page'],
  leader: ['leader', 'page'],
  service: ['service', 'shared', 'leader', 'page'],
  page: ['page'],
};

/** The host that was asked for, or the next best one that this browser has, which says why it is not the one before. */
export async function otherHost(wanted: Wanted, log: Log, start: StartHub): Promise<Host> {
  const { host } = wanted;
  const asked = host !== 'auto' && host !== 'shared';
  const why = asked ? null : await noWorker(wanted, log);
  return next(KINDS[host], why ? [why] : []);

  async function next([kind, ...rest]: readonly HostKind[], failures: readonly string[]): Promise<Host> {
    if (!kind) throw new Error(failures.join('; '));
    const failed = (what: string) => {
      log('warn', 'no-host', { kind, reason: what });
      return next(rest, [...failures, what]);
    };
    try {
      const first = make(kind, failures.join('; ') || 'It was asked for', wanted, log, start);
      if (rest.length === 0) return first;
      return fallbackHost({ first, second: (what) => failed(String(what)), again: () => false });
    } catch (error) {
      return failed((error as Error).message);
    }
  }
}

/** Makes a host of that kind, which it is for that `reason`; throws why there can be none. */
function make(
  kind: HostKind,
  reason: string,
  { configuration, shared, deadline }: Wanted,
  log: Log,
  start: StartHub,
): Host {
  const own = { ...configuration, slot: 0 };
  switch (kind) {
    case 'service':
      return serviceWorkerHost({ workers: navigator.serviceWorker, configuration: own, watch: whenFree });
    case 'shared':
      if (!shared) throw new Error(NO_WORKER);
      return { ...shared, reason };
    case 'leader':
      return leaderTab(
        reason,
        configuration,
        (silent) => start(own, silent ? 'silent' : null),
        log,
        deadline,
      );
    case 'page':
      // One page alone can have the database: hubs in two of them would take it from one another for ever.
      return pageHost(reason, async (deposed) => {
        const release = deposed ? null : await take(`medulla-page:${hubName(configuration)}`);
        return release ? { ...start(own, null), release } : start(own, 'taken');
      });
    default:
      return unreachable(kind);
  }
}

const NO_WORKER = 'This browser has no SharedWorker';

/** Why there is no SharedWorker, where that would have been the host. */
async function noWorker({ url, what, forbidden }: Wanted, log: Log): Promise<string> {
  if (what === null) return NO_WORKER;
  const asked = { page: location.href, fetch: (href: string) => fetch(href), forbidden };
  const reason = await diagnose(url, what, asked);
  log('warn', 'no-worker', { reason });
  return reason;
}
