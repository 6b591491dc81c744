/** The page's door: joins a Backbone to the hub that this browser has, or can have. */
import { systemClock } from './base/clock.ts';
import { consoleLog } from './base/console-log.ts';
import { type Log, warnings } from './base/log.ts';
import { systemRandom } from './base/random.ts';
import type { BackboneLike } from './client/backbone.ts';
import { codedError } from './client/coded-error.ts';
import { createMedulla } from './client/create-medulla.ts';
import type { Host, HostChoice } from './client/host.ts';
import { askForSync } from './client/hosts/ask-for-sync.ts';
import { browserHost } from './client/hosts/browser-host.ts';
import { pageLifecycle } from './client/hosts/page-lifecycle.ts';
import { hold } from './client/hosts/page-locks.ts';
import { pageMemory } from './client/hosts/page-memory.ts';
import type { Medulla } from './client/medulla.ts';
import type { MedullaOptions } from './client/options.ts';
import type { Dialect } from './protocol/hub-configuration.ts';
import type { UserId } from './protocol/ids.ts';

export type { BackboneLike } from './client/backbone.ts';
export type { BatchOptions } from './client/batch/batches.ts';
export type { Batched } from './client/batch/outcome-of.ts';
export type { Request } from './client/calls/request.ts';
export type { HostChoice, HostKind } from './client/host.ts';
export type { Addressed, CollectionState, Imported, Medulla, ModelState } from './client/medulla.ts';
export type { Conflict } from './client/models/conflicts.ts';
export type { FollowOptions } from './client/models/follower.ts';
export type { MedullaOptions } from './client/options.ts';
export type { OutboxAttributes, OutboxEntry } from './client/types/shown.ts';
export type { UserName, UserOption } from './client/users/user-option.ts';
export type { SignInOptions, SignOutOptions } from './client/users/users.ts';
export type { Where } from './client/views/view.ts';
export type { Dialect } from './protocol/hub-configuration.ts';

export interface ConnectOptions extends MedullaOptions {
  /** Where the shared worker's script is, on this origin; '/medulla/shared-worker.js' by default. */
  readonly worker?: string;
  /** The Socket.IO server's origin; the page's own by default. */
  readonly server?: string;
  /** Socket.IO's path; '/socket.io' by default. */
  readonly path?: string;
  /**
   * Where the hub is to run; 'auto' by default: in a SharedWorker where that exists and starts, else in a tab that all
   * tabs elect, the 'leader', else in the 'page' itself. What this browser cannot offer falls to the next best, and
   * `status.hostReason` says why. 'service' has it in the page's service worker, if that is the package's. Anything else
   * throws `bad-option`.
   */
  readonly host?: HostChoice;
  /**
   * How the server is spoken to where it is no Medulla: a dialect's name with what it has to know, as JSON. Another dialect is
   * another hub, and another database. Records then have their ids from the server, unless `ids` says otherwise.
   */
  readonly dialect?: Dialect;
  /** Logs everything, not only what is wrong. */
  readonly debug?: boolean;
  readonly log?: Log;
}

/** Joins `Backbone`, the default export or the namespace, to the hub. Throws on anything else. */
export function connect<B extends BackboneLike>(Backbone: B, options: ConnectOptions = {}): Medulla<B> {
  const {
    worker = '/medulla/shared-worker.js',
    path = '/socket.io',
    host = 'auto',
    debug,
    dialect,
  } = options;
  if (!/^(auto|shared|leader|service|page)$/.test(host)) throw codedError('bad-option', `host is '${host}'`);
  const url = (options.server ?? '/').replace(/^ws/, 'http');
  if (!URL.canParse(url, location.href)) throw codedError('bad-option', `server is '${url}'`);
  const server = new URL(url, location.href).origin;
  const log = warnings(options.log ?? consoleLog, debug);
  return createMedulla(Backbone, {
    ...(dialect && { ids: 'server', whole: true }),
    ...options,
    log,
    page: () => document.baseURI,
    clock: systemClock,
    random: systemRandom,
    report: reportError,
    lifecycle: pageLifecycle,
    locks: { hold },
    // Only a page may ask: in workers there is no such method.
    persist: async () => navigator.storage.persist(),
    unsent: askForSync,
    remembered: pageMemory(`${server}${path}`),
    host: once((user) =>
      browserHost({
        worker,
        host,
        configuration: { user, server, path, ...(dialect && { dialect }) },
        other: async (wanted) => {
          const { pageHub } = await import('./page-hub.ts');
          return pageHub({ ...wanted, deadline: options.deadline }, log);
        },
      }),
    ),
  });
}

/** A user who comes back finds the host that was there: one page has one for each. */
function once(make: (user: UserId) => Host): (user: UserId) => Host {
  const hosts = new Map<UserId, Host>();
  return (user) => {
    const host = hosts.get(user) ?? make(user);
    hosts.set(user, host);
    return host;
  };
}
