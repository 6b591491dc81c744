import { systemClock } from '../../base/clock.ts';
import type { Log } from '../../base/log.ts';
import { systemRandom } from '../../base/random.ts';
import { parse } from '../../base/shape.ts';
import { hubConfiguration } from '../../protocol/hub-configuration.ts';
import { ANONYMOUS, type UserId } from '../../protocol/ids.ts';
import type { Connection } from '../connection.ts';
import { createHub, type Hub } from '../create-hub.ts';
import { refusedStorage } from '../no-storage.ts';
import type { HubOptions } from '../parts.ts';
import { databaseName } from './database-name.ts';
import { idbStorage } from './idb-storage.ts';
import { type LoadDialects, lateConnection } from './late-connection.ts';
import { openSocket, type SocketConnectionOptions, socketConnection } from './socket-connection.ts';
import { type LockManagerLike, webLocks } from './web-locks.ts';

/** What the hub needs of the context that it runs in; its door hands it over. */
export interface HubEnvironment {
  /** `navigator.locks`; undefined where there are none. */
  readonly locks: LockManagerLike | undefined;
  readonly log: Log;
  /** Another page's hub has the database: keep everything in memory, and say so. */
  readonly taken?: boolean;
  readonly options?: Partial<HubOptions>;
  /** The way to the server; by socket where nothing else is said. */
  readonly connect?: (options: SocketConnectionOptions) => Connection;
  /** Where dialects come from; without it there are none. */
  readonly dialects?: LoadDialects | undefined;
}

/**
 * A hub made of what browsers have, for a worker's door or for the page as host. `configuration` is a HubConfiguration
 * that nobody has looked at yet; throws a Mismatch where it is none.
 */
export function browserHub(
  configuration: unknown,
  { locks, log, taken = false, options = {}, connect = socketConnection, dialects = none }: HubEnvironment,
): Hub {
  const parsed = parse(hubConfiguration, configuration);
  const { user, server, path, dialect } = parsed;
  const database = (owner: UserId) => idbStorage({ name: databaseName({ ...parsed, user: owner }), log });
  const { origin } = globalThis;
  const context = { server, path, origin, log, clock: systemClock, random: systemRandom, openSocket };
  return createHub({
    user,
    device: systemRandom.id(),
    storage: taken ? refusedStorage('Another page has the database') : database(user),
    anonymous: user === ANONYMOUS ? undefined : () => database(ANONYMOUS),
    connection: dialect
      ? lateConnection(async () => (await dialects())(dialect, context))
      : connect({ server, path, log }),
    locks: webLocks(locks),
    clock: systemClock,
    random: systemRandom,
    log,
    options,
  });
}

const none: LoadDialects = () => Promise.reject(new Error('There are no dialects here'));
