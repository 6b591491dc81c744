/** The door that is only opened where there is no worker: the page as host, and the hub in it. */
import type { Log } from './base/log.ts';
import type { Host } from './client/host.ts';
import { type LastResort, lastResort } from './client/hosts/last-resort.ts';
import { browserHub } from './hub/adapters/browser-hub.ts';

/** The host that this page is itself. */
export function pageHub(resort: LastResort, log: Log): Promise<Host> {
  return lastResort(resort, log, (configuration, taken) =>
    browserHub(configuration, { locks: navigator.locks, log, taken }),
  );
}
