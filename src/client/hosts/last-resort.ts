/** What is only loaded where there is no worker: the page as host, and why it has to be. */
import type { Log } from '../../base/log.ts';
import type { HubConfiguration } from '../../protocol/hub-configuration.ts';
import type { Host } from '../host.ts';
import { diagnose } from './diagnose.ts';
import { type OwnHub, pageHost } from './page-host.ts';
import { take } from './page-locks.ts';

export interface LastResort {
  readonly configuration: Omit<HubConfiguration, 'slot'>;
  /** The worker's. */
  readonly url: string;
  /** What it said when it did not start; null where none was tried. */
  readonly what: string | null;
  /** A violation of the Content-Security-Policy was reported. */
  readonly forbidden: boolean;
}

/** Says why there is no worker, where one was tried. `start` starts a hub in this page; `taken`: another page has the database. */
export async function lastResort(
  { configuration, url, what, forbidden }: LastResort,
  log: Log,
  start: (configuration: HubConfiguration, taken: boolean) => OwnHub,
): Promise<Host> {
  const { server, user } = configuration;
  const asked = { page: location.href, fetch: (href: string) => fetch(href), forbidden };
  const none = 'SharedWorker' in globalThis ? 'It was asked for' : 'This browser has no SharedWorker';
  const reason = what === null ? none : await diagnose(url, what, asked);
  if (what !== null) log('warn', 'no-worker', { reason });
  // One page alone can have the database: hubs in two of them would take it from one another for ever.
  return pageHost(reason, async () =>
    start({ ...configuration, slot: 0 }, !(await take(`medulla-page:${server}:${user}`))),
  );
}
