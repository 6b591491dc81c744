import { parse } from '../../base/shape.ts';
import { joined } from '../../protocol/hosts/service-host.ts';
import type { HubConfiguration } from '../../protocol/hub-configuration.ts';
import type { Boot } from '../../protocol/ids.ts';
import { messagePort, type Port } from '../../protocol/port.ts';
import { PROTOCOL } from '../../protocol/version.ts';
import type { Host } from '../host.ts';
import { tellable } from './tellable.ts';

/** As much of `navigator.serviceWorker` as is used. */
export interface ServiceWorkersLike {
  readonly ready: Promise<{ readonly active: ServiceWorkerLike | null; readonly waiting?: object | null }>;
}
export interface ServiceWorkerLike extends Pick<EventTarget, 'addEventListener' | 'removeEventListener'> {
  readonly state: string;
  postMessage(message: object, transfer?: Transferable[]): void;
}

export interface ServiceWorkerHostParts {
  /** Undefined where there are none. */
  readonly workers: ServiceWorkersLike | undefined;
  readonly configuration: HubConfiguration;
  readonly watch: Host['watch'];
}

/** Milliseconds between two words that keep the worker awake: one holds for 270 s, and the timers of hidden pages run once a minute. */
const STAY = 200_000;
/** Milliseconds that an application may take to register its worker, and a worker to answer. */
const REGISTERED = 3_000;
const ANSWERED = 10_000;
/**
 * Milliseconds in which a version that waits comes into the place of one that has gone. A message would start that again,
 * and the other would have to wait until it is idle.
 */
const CHANGE = 1_000;
/** Milliseconds between two looks for the version that takes another's place. */
const LOOK = 50;
/** So many hubs in so many milliseconds: somebody takes the database from each. Fewer than a tab bears before it rests. */
const RESTLESS = { hubs: 4, within: 60_000 };

/**
 * The hub in the service worker. The browser stops that when it likes, and says nothing: the hub's lock falls free, or the
 * deadline passes, and the next message starts it again.
 */
export function serviceWorkerHost({ workers, configuration, watch }: ServiceWorkerHostParts): Host {
  const deaths: number[] = [];
  return {
    kind: 'service',
    reason: null,
    watch,
    async join(dead, failed): Promise<Port> {
      if (failed !== undefined) throw new Error(failed);
      if (dead !== null) count();
      for (;;) {
        const worker = await activeOf(workers, dead !== null);
        const port = await asked(worker, configuration, dead);
        if (port) return attached(worker, port);
      }
    },
  };

  /** Pages of other kinds of host may be open, of an older deploy: the database must not go to and fro for ever. */
  function count(): void {
    const now = performance.now();
    deaths.push(now);
    if (now - (deaths.at(-RESTLESS.hubs) ?? Number.NEGATIVE_INFINITY) < RESTLESS.within)
      throw new Error('Another kind of host has the database: pages of another version are open');
  }
}

/** `hasGone`: there was one, which gives no sign of life any more. */
async function activeOf(
  workers: ServiceWorkersLike | undefined,
  hasGone: boolean,
): Promise<ServiceWorkerLike> {
  if (!workers) throw new Error('This browser has no service workers here: they need https');
  const none = new Error('No service worker is registered for this page');
  const late = after(REGISTERED, none);
  const registration = await Promise.race([workers.ready, late]);
  const change = performance.now() + CHANGE;
  for (;;) {
    const { active, waiting } = registration;
    // While a new version takes its place, the old one is still named for a moment.
    const isLeaving = active?.state === 'redundant' || (hasGone && waiting && performance.now() < change);
    if (active && !isLeaving) return active;
    await Promise.race([new Promise((resolve) => setTimeout(resolve, LOOK)), late]);
  }
}

/** Has the worker take the other end of a port. Null: another has taken the worker's place before it could answer. */
async function asked(
  worker: ServiceWorkerLike,
  configuration: HubConfiguration,
  dead: Boot | null,
): Promise<MessagePort | null> {
  const { port1, port2 } = new MessageChannel();
  const answered = new Promise<unknown>((resolve) => {
    port1.onmessage = ({ data }) => resolve(data);
  });
  const watching = new AbortController();
  const replaced = new Promise<null>((resolve) => {
    const look = () => worker.state === 'redundant' && resolve(null);
    worker.addEventListener('statechange', look, watching);
  });
  worker.postMessage({ type: 'medulla-join', configuration, dead }, [port2]);
  const none = new Error('The service worker does not answer: it is no Medulla, or an older one');
  const answer = await Promise.race([answered, replaced, after(ANSWERED, none)]).finally(() =>
    watching.abort(),
  );
  if (answer === null) return null;
  const { protocol } = parse(joined, answer);
  if (protocol < PROTOCOL)
    throw new Error(`The service worker speaks protocol ${protocol}, and this page ${PROTOCOL}`);
  return port1;
}

/** The port, for as long as the worker is the active one: where another takes its place, the hub is deposed. */
function attached(worker: ServiceWorkerLike, bare: MessagePort): Port {
  const own = messagePort(bare);
  const { port, tell } = tellable(own, () => {
    clearInterval(stay);
    worker.removeEventListener('statechange', changed);
    own.post({ type: 'goodbye' });
  });
  const stay = setInterval(() => worker.postMessage({ type: 'medulla-stay' }), STAY);
  const changed = () => {
    if (worker.state === 'redundant') tell({ type: 'deposed' });
  };
  worker.addEventListener('statechange', changed);
  return port;
}

function after(ms: number, error: Error): Promise<never> {
  return new Promise((_, reject) => {
    setTimeout(() => reject(error), ms);
  });
}
