import type { Clock } from '../../base/clock.ts';
import type { Log } from '../../base/log.ts';
import type { Random } from '../../base/random.ts';
import { MedullaError } from '../../protocol/errors.ts';
import type { Dialect } from '../../protocol/hub-configuration.ts';
import type { Connection, Link, LinkListener } from '../connection.ts';
import { lost, unreachable } from './read-answer.ts';
import type { OpenSocket } from './socket-connection.ts';

/** What a dialect is made of beside its own options. */
export interface DialectContext {
  readonly server: string;
  /** Socket.IO's. */
  readonly path: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** Where the hub runs. */
  readonly origin: string;
  /** Socket.IO's client is here already. */
  readonly openSocket: OpenSocket;
}

/** Makes the connection of a dialect. Throws where there is none of this name, or something is wrong with its options. */
export type MakeDialect = (dialect: Dialect, context: DialectContext) => Connection;
/** Gets what makes them, the first time that one is wanted, and again where that failed. */
export type LoadDialects = () => Promise<MakeDialect>;

/** A connection that is loaded with its first attempt; one that cannot be had is as a server that cannot. */
export function lateConnection(load: () => Promise<Connection>): Connection {
  let loading: Promise<Connection> | undefined;
  return {
    connect(hello, listener: LinkListener): Link {
      let link: Link | undefined;
      let ended = false;
      loading ??= load();
      loading
        .then((connection) => {
          if (!ended) link = connection.connect(hello, listener);
        })
        .catch((error) => {
          loading = undefined;
          if (ended) return;
          ended = true;
          const { code, message } = error as MedullaError;
          const isOurs = error instanceof MedullaError;
          listener.closed(isOurs ? { type: 'refused', code, message } : lost(message));
        });
      return {
        request: async (name, request) => {
          if (!link) throw unreachable();
          return link.request(name, request);
        },
        close() {
          if (link) link.close();
          else if (!ended) queueMicrotask(() => listener.closed(lost('closed by the hub')));
          ended = true;
        },
      };
    },
  };
}
