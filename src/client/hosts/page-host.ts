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

const ignore: Cancel = () => undefined;

/**
 * The hub in the page itself: it ends with it, and nobody has to watch over it. `reason`: why there is nothing better.
 * `deposed`: the hub before was, by one of another kind of host, which this one does not take the database from again.
 */
export function pageHost(reason: string | null, start: (deposed: boolean) => Promise<OwnHub>): Host {
  let hub: OwnHub | undefined;
  return {
    kind: 'page',
    reason,
    watch: () => ignore,
    async join(dead, failed): Promise<Port> {
      if (failed !== undefined) throw new Error(failed);
      if (dead !== null) {
        await hub?.close();
        hub = undefined;
      }
      hub ??= await start(dead !== null);
      const { port1, port2 } = new MessageChannel();
      hub.attach(messagePort(port2));
      return messagePort(port1);
    },
  };
}
