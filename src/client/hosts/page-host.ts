import type { Cancel } from '../../base/clock.ts';
import { messagePort, type Port } from '../../protocol/port.ts';
import type { Host } from '../host.ts';

/** A hub in this page. */
export interface OwnHub {
  attach(port: Port): void;
  /** Resolves once all that it was handed is on the disk. */
  flush?(): Promise<unknown>;
  close(): Promise<void>;
}

/** `release`: lets the database go, for another page to have; missing where another page has it. */
export type PageHub = OwnHub & { readonly release?: () => unknown };

const ignore: Cancel = () => undefined;

/**
 * The hub in the page itself: it ends with it, and nobody has to watch over it. `reason`: why there is nothing better.
 * `deposed`: the hub before was, by one of another kind of host, which this one does not take the database from again.
 *
 * A page that is put to sleep closes its port: then a hub that has the database ends, or the page would be thrown out of the
 * back/forward cache by the next page that wants it. One in memory stays: nobody else has what it holds.
 */
export function pageHost(reason: string | null, start: (deposed: boolean) => Promise<PageHub>): Host {
  let hub: Promise<PageHub> | undefined;
  let ports = 0;
  let ended: Promise<unknown> | undefined;
  let deposed = false;

  /** The next hub waits for that. */
  function end(): void {
    ended = hub?.then((one) => Promise.all([one.close(), one.release?.()]), ignore);
    hub = undefined;
    ports = 0;
  }

  return {
    kind: 'page',
    reason,
    watch: () => ignore,
    async join(dead, failed): Promise<Port> {
      if (failed !== undefined) throw new Error(failed);
      if (dead !== null) {
        deposed = true;
        end();
      }
      await ended;
      hub ??= start(deposed);
      const mine = hub;
      ports += 1;
      const { attach, release } = await mine.catch((error) => {
        if (hub === mine) end();
        throw error;
      });
      const { port1, port2 } = new MessageChannel();
      attach(messagePort(port2));
      const port = messagePort(port1);
      return {
        ...port,
        close() {
          port.close();
          if (hub === mine && --ports === 0 && release) end();
        },
      };
    },
  };
}
