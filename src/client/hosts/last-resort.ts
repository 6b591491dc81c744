/** What is only loaded where there is no worker: the page as host, and why it has to be. */
import type { Host } from '../host.ts';
import { diagnose } from './diagnose.ts';
import { type OwnHub, pageHost } from './page-host.ts';
import { hold } from './page-locks.ts';

export interface LastResort {
  /** Names the configuration: server and user. */
  readonly name: string;
  /** The worker's. */
  readonly url: string;
  /** What it said when it did not start; null where none was tried. */
  readonly what: string | null;
  /** Why none was tried. */
  readonly why: string;
  /** A violation of the Content-Security-Policy was reported. */
  readonly forbidden: boolean;
  /** Starts a hub in this page; `taken`: another page has the database. */
  readonly start: (taken: boolean) => Promise<OwnHub>;
}

export async function lastResort({ name, url, what, why, forbidden, start }: LastResort): Promise<Host> {
  const asked = { page: location.href, fetch: (href: string) => fetch(href), forbidden };
  const reason = what === null ? why : await diagnose(url, what, asked);
  // One page alone can have the database: hubs in two of them would take it from one another for ever.
  return pageHost(reason, async () => start(!(await hold(`medulla-page:${name}`, true))));
}
