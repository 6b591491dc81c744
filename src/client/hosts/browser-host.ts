import type { HubConfiguration } from '../../protocol/hub-configuration.ts';
import { PROTOCOL } from '../../protocol/version.ts';
import type { Host } from '../host.ts';
import { diagnose } from './diagnose.ts';
import { fallbackHost } from './fallback-host.ts';
import { type OwnHub, pageHost } from './page-host.ts';
import { alone, hold, whenFree } from './page-locks.ts';
import { type SharedWorkerClass, sharedWorkerHost } from './shared-worker-host.ts';
import { slots } from './slots.ts';

export interface BrowserHostParts {
  /** Where the shared worker's script is. */
  readonly worker: string;
  readonly configuration: Omit<HubConfiguration, 'slot'>;
  /** 'page': do without a worker. */
  readonly host: 'shared' | 'page';
  /** Starts a hub in this page; `taken`: another page has the database. */
  readonly start: (configuration: HubConfiguration, taken: boolean) => Promise<OwnHub>;
}

/** The host that this browser allows: a SharedWorker, or else the page itself. */
export function browserHost({ worker, configuration, host, start }: BrowserHostParts): Host {
  const page = location.href;
  const name = `${configuration.server}:${configuration.user}`;
  const { SharedWorker } = globalThis as { SharedWorker?: SharedWorkerClass };
  const url = new URL(worker, page).href;
  const own = slots({ name, own: { url, protocol: PROTOCOL }, storage: storageOrNone(), alone });
  let forbidden = false;
  document.addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI }) => {
    if (effectiveDirective === 'worker-src' || blockedURI === url) forbidden = true;
  });
  return fallbackHost({
    first:
      SharedWorker && host === 'shared'
        ? sharedWorkerHost({ Worker: SharedWorker, configuration, slots: own, watch: whenFree })
        : null,
    reason: host === 'page' ? 'It was asked for by { host }' : 'This browser has no SharedWorker',
    second: (reason) =>
      pageHost({
        reason,
        start: async () => start({ ...configuration, slot: 0 }, !(await hold(`medulla-page:${name}`, true))),
      }),
    diagnose: (what) => diagnose(url, what, { page, fetch: (href) => fetch(href), forbidden }),
    again: () => !own.isOwn,
  });
}

/** Private modes refuse the very property. */
function storageOrNone(): Storage | undefined {
  try {
    return localStorage;
  } catch {
    return undefined;
  }
}
