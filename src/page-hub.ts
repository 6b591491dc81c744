/** The door that is only opened where there is no SharedWorker: the other kinds of host, and the hub in this page. */
import type { Log } from './base/log.ts';
import type { Host } from './client/host.ts';
import { otherHost, type Wanted } from './client/hosts/other-host.ts';
import { browserHub } from './hub/adapters/browser-hub.ts';

/** The host that was asked for, or the next best. */
export function pageHub(wanted: Wanted, log: Log): Promise<Host> {
  return otherHost(wanted, log, (configuration, taken) =>
    browserHub(configuration, { locks: navigator.locks, log, taken }),
  );
}
