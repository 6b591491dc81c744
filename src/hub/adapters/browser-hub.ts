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
import { type SocketConnectionOptions, socketConnection } from './socket-connection.ts';
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
}

/**
 * A hub made of what browsers have, for a worker's door or for the page as host. `configuration` is a HubConfiguration
 * that nobody has looked at yet; throws a Mismatch where it is none.
 */
export function browserHub(
  configuration: unknown,
  { locks, log, taken = false, options = {}, connect = socketConnection }: HubEnvironment,
): Hub {
  const { user, server, path } = parse(hubConfiguration, configuration);
  const database = (owner: UserId) => idbStorage({ name: databaseName({ server, path, user: owner }), log });
  return createHub({
    user,
    device: systemRandom.id(),
    storage: taken ? refusedStorage('Another page of this browser has the database') : database(user),
    anonymous: user === ANONYMOUS ? undefined : () => database(ANONYMOUS),
    connection: connect({ server, path, log }),
    locks: webLocks(locks),
    clock: systemClock,
    random: systemRandom,
    log,
    options,
  });
}
