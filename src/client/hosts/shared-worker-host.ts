import type { HubConfiguration } from '../../protocol/hub-configuration.ts';
import { type MessagePortLike, messagePort, type Port } from '../../protocol/port.ts';
import type { TabDown } from '../../protocol/tab-down.ts';
import type { Host } from '../host.ts';
import type { slots } from './slots.ts';

/** As much of `SharedWorker` as is used. */
export type SharedWorkerClass = new (
  url: string,
  options: object,
) => { readonly port: MessagePortLike; onerror: ((event: Event) => unknown) | null };

export interface SharedWorkerHostParts {
  readonly Worker: SharedWorkerClass;
  readonly configuration: Omit<HubConfiguration, 'slot'>;
  readonly slots: ReturnType<typeof slots>;
  readonly watch: Host['watch'];
}

/**
 * Whether this browser keeps a worker alive beyond its last page, when asked. Options are read before the url is
 * looked at, so that one that is none starts nothing.
 */
function keepsAlive(Worker: SharedWorkerClass): boolean {
  let read = false;
  try {
    new Worker('http://[', {
      get extendedLifetime() {
        read = true;
        return undefined;
      },
    });
  } catch {}
  return read;
}

/**
 * The hub in a SharedWorker. The same url, name and options are the same worker; the same url and name with other
 * options are an error, hence the option's place in the name. A worker that does not start says so as a hub that failed.
 */
export function sharedWorkerHost({ Worker, configuration, slots, watch }: SharedWorkerHostParts): Host {
  const lifetime = keepsAlive(Worker) ? { extendedLifetime: true } : {};
  return {
    kind: 'shared',
    reason: null,
    watch,
    async join(dead): Promise<Port> {
      const { slot, url } = await slots.claim(dead !== null);
      const name = JSON.stringify({ ...configuration, slot, ...lifetime });
      const worker = new Worker(url, { type: 'module', name, ...lifetime });
      const port = messagePort(worker.port);
      return {
        ...port,
        listen(fn) {
          worker.onerror = (event) => {
            const { message = 'it threw, or could not be loaded' } = event as Partial<ErrorEvent>;
            fn({ type: 'failed', code: 'no-hub', message } satisfies TabDown);
          };
          port.listen(fn);
        },
      };
    },
  };
}
