import type { HubConfiguration } from '../../protocol/hub-configuration.ts';
import { PROTOCOL } from '../../protocol/version.ts';
import type { Host } from '../host.ts';
import { fallbackHost } from './fallback-host.ts';
import type { LastResort } from './last-resort.ts';
import { alone, whenFree } from './page-locks.ts';
import { type SharedWorkerClass, sharedWorkerHost } from './shared-worker-host.ts';
import { slots } from './slots.ts';

export interface BrowserHostParts {
  /** Where the shared worker's script is. */
  readonly worker: string;
  readonly configuration: Omit<HubConfiguration, 'slot'>;
  /** 'page': do without a worker. */
  readonly host: 'shared' | 'page';
  /** Makes the page itself the host. */
  readonly lastResort: (resort: LastResort) => Promise<Host>;
}

/** The host that this browser allows: a SharedWorker, or else the page itself. */
export function browserHost({ worker, configuration, host, lastResort }: BrowserHostParts): Host {
  const { server, path, user } = configuration;
  const name = `${server}${path}:${user}`;
  const { SharedWorker: Worker } = globalThis as { SharedWorker?: SharedWorkerClass };
  const url = new URL(worker, location.href).href;
  const own = slots({ name, own: { url, protocol: PROTOCOL }, storage: () => localStorage, alone });
  let forbidden = false;
  document.addEventListener('securitypolicyviolation', ({ effectiveDirective }) => {
    forbidden ||= effectiveDirective === 'worker-src';
  });
  return fallbackHost({
    first:
      Worker && host === 'shared'
        ? sharedWorkerHost({ Worker, configuration, slots: own, watch: whenFree })
        : null,
    again: () => !own.isOwn,
    second: (what) => lastResort({ configuration, url, what, forbidden }),
  });
}
