import { hubName } from '../../protocol/hosts/hub-name.ts';
import type { HubConfiguration } from '../../protocol/hub-configuration.ts';
import { RELEASE } from '../../protocol/version.ts';
import type { Host, HostChoice } from '../host.ts';
import { fallbackHost } from './fallback-host.ts';
import type { Wanted } from './other-host.ts';
import { alone, whenFree } from './page-locks.ts';
import { type SharedWorkerClass, sharedWorkerHost } from './shared-worker-host.ts';
import { slots } from './slots.ts';

export interface BrowserHostParts {
  /** Where the shared worker's script is. */
  readonly worker: string;
  readonly configuration: Omit<HubConfiguration, 'slot'>;
  readonly host: HostChoice;
  /** Makes a host of another kind: what that takes is loaded then. */
  readonly other: (wanted: Wanted) => Promise<Host>;
}

/** The host that was asked for, or the best that this browser allows. */
export function browserHost({ worker, configuration, host, other }: BrowserHostParts): Host {
  const { SharedWorker: Worker } = globalThis as { SharedWorker?: SharedWorkerClass };
  const url = new URL(worker, location.href).href;
  const own = slots({
    name: hubName(configuration),
    own: { url, release: RELEASE, dialect: configuration.dialect },
    storage: () => localStorage,
    alone,
  });
  let forbidden = false;
  document.addEventListener('securitypolicyviolation', ({ effectiveDirective }) => {
    forbidden ||= effectiveDirective === 'worker-src';
  });
  const shared = Worker ? sharedWorkerHost({ Worker, configuration, slots: own, watch: whenFree }) : null;
  return fallbackHost({
    first: host === 'auto' || host === 'shared' ? shared : null,
    again: () => !own.isOwn,
    second: (what) => other({ host, configuration, url, what, forbidden, shared }),
  });
}
