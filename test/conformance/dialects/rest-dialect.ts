import { systemClock } from '../../../src/base/clock.ts';
import type { Log } from '../../../src/base/log.ts';
import { systemRandom } from '../../../src/base/random.ts';
import { makeDialect } from '../../../src/dialects.ts';
import { openSocket } from '../../../src/hub/adapters/socket-connection.ts';
import type { Connection } from '../../../src/hub/connection.ts';
import type { Attributes } from '../../../src/protocol/attributes.ts';
import type { DialectUnderTest } from './dialect-server.ts';
import { RestServer } from './rest-server.ts';

/** The connection that an application gets for this dialect. */
export function connectionOf(
  dialect: Attributes & { readonly name: string },
  server: string,
  log: Log = () => undefined,
): Connection {
  return makeDialect(dialect, {
    server,
    path: '/socket.io',
    clock: systemClock,
    random: systemRandom,
    log,
    openSocket,
    origin: server,
  });
}

export function restDialect(options: Attributes = {}): DialectUnderTest {
  return {
    name: `rest ${JSON.stringify(options)}`,
    tells: 'events' in options,
    patches: true,
    once: true,
    async serve() {
      const server = new RestServer();
      await server.start();
      return server;
    },
    connection: (server, log) => connectionOf({ ...options, name: 'rest' }, (server as RestServer).url, log),
  };
}
