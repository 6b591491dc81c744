import type { Connection } from '../../src/hub/connection.ts';
import type { Process } from '../sim/world/process.ts';

const never = <T>() => new Promise<T>(() => undefined);

/** A connection of a hub in `process` that notes all that crosses it: what is said at first, asked, answered and told. */
export function tapped(inner: Connection, wire: unknown[], process: Process): Connection {
  return {
    connect(hello, listener) {
      wire.push({ hello });
      const link = inner.connect(hello, {
        opened(welcome) {
          wire.push({ welcome });
          process.enter(() => listener.opened(welcome));
        },
        event(name, event) {
          wire.push({ [name]: event });
          process.enter(() => listener.event(name, event));
        },
        closed: (end) => process.enter(() => listener.closed(end)),
      });
      process.atDeath(() => link.close());
      return {
        async request(name, request) {
          if (process.dead) return never();
          wire.push({ [name]: structuredClone(request) });
          const answer = await link.request(name, request);
          wire.push({ answer });
          return process.dead ? never() : answer;
        },
        close: () => link.close(),
      };
    },
  };
}
