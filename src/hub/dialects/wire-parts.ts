import type { Clock } from '../../base/clock.ts';
import type { Log } from '../../base/log.ts';
import type { Random } from '../../base/random.ts';
import type { Dialect } from '../../protocol/hub-configuration.ts';
import type { Topic } from '../../protocol/ids.ts';
import type { SocketWanted } from '../adapters/socket-connection.ts';

/** What a wire is made of. It touches no globals: what it needs comes in here. */
export interface WireParts {
  /** The dialect as the application chose it: its name, and what it knows beside. */
  readonly options: Dialect;
  /** The server's origin. */
  readonly server: string;
  /** What the records of a topic call their id. */
  readonly idName: (topic: Topic) => string;
  /** That of the page or worker that this runs in. */
  readonly origin: string;
  /** Socket.IO's. */
  readonly path: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly fetch: typeof fetch;
  readonly WebSocket: typeof WebSocket;
  /** A Socket.IO socket that is not connected yet, and does not reconnect by itself. */
  readonly openSocket: (wanted: SocketWanted) => SocketLike;
}

/** As much of a Socket.IO socket as is used. */
export interface SocketLike {
  connect(): unknown;
  disconnect(): unknown;
  emit(name: string, ...args: unknown[]): unknown;
  on(name: string, listener: (...args: never[]) => void): unknown;
  onAny(listener: (name: string, ...args: unknown[]) => void): unknown;
  /** Its connection, which more sockets may go over. */
  readonly io: { socket(namespace: string, options: { readonly auth: object }): SocketLike };
}
