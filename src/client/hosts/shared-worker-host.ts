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

/** Keeps the worker alive beyond its last page, for a while; a browser that does not know it takes no notice. */
const lifetime = { extendedLifetime: true };

/**
 * The hub in a SharedWorker. The same url, name and options are the same worker; the same url and name with other
 * options are an error, hence the option's place in the name. A worker that does not start says so as a hub that failed.
 */
export function sharedWorkerHost({ Worker, configuration, slots, watch }: SharedWorkerHostParts): Host {
  return {
    kind: 'shared',
    reason: null,
    watch,
    async join(dead): Promise<Port> {
      const { slot, url, dialect } = await slots.claim(dead !== null);
      const name = JSON.stringify({ ...configuration, dialect, slot, ...lifetime });
      const worker = new Worker(url, { type: 'module', name, ...lifetime });
      const port = messagePort(worker.port);
      return {
        ...port,
        listen(fn) {
          worker.onerror = (event) => {
            const { message = '' } = event as Partial<ErrorEvent>;
            fn({ type: 'failed', code: 'no-hub', message } satisfies TabDown);
          };
          port.listen(fn);
        },
      };
    },
  };
}
