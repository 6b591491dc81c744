import { systemClock } from '../../../base/clock.ts';
import type { Log } from '../../../base/log.ts';
import { fits, type Of } from '../../../base/shape.ts';
import { hubName } from '../../../protocol/hosts/hub-name.ts';
import { type joined, serviceUp } from '../../../protocol/hosts/service-host.ts';
import { messagePort, type Port } from '../../../protocol/port.ts';
import type { TabDown } from '../../../protocol/tab-down.ts';
import { PROTOCOL } from '../../../protocol/version.ts';
import type { Hub } from '../../create-hub.ts';
import { browserHub } from '../browser-hub.ts';
import type { LoadDialects } from '../late-connection.ts';

/** Milliseconds that one word of a page keeps the worker awake: a browser lets no event take longer than five minutes. */
const STAY = 270_000;
/** Milliseconds in which another version takes this one's place, or will not. */
const LEAVING = 10_000;

type Join = Extract<Of<typeof serviceUp>, { type: 'medulla-join' }>;

/** As much of a ServiceWorkerGlobalScope as is used. */
export interface ServiceScope {
  readonly navigator: { readonly locks: LockManager };
  readonly registration: { readonly scope: string };
  addEventListener(type: 'message', listener: (event: ExtendableMessageEvent) => void): void;
}

/**
 * The part of a service worker that is the host of hubs. It is stopped whenever the browser likes, and starts anew with
 * the next message: all that matters is on the disk. Called while its script is evaluated. `dialects`: a service worker may not
 * load a script later: those are here from the start.
 *
 * What keeps it awake, the words of pages, also keeps another version from taking its place: it lets go when the
 * last page has gone, and when that version says so, which is told to skip waiting.
 */
export function listenForTabs(scope: ServiceScope, log: Log, dialects?: LoadDialects): void {
  const hubs = new Map<string, Hub>();
  const ports = new Set<Port>();
  const stays = new Set<() => void>();
  let leaving = false;
  /**
   * Between the versions of this worker. No message to the one that is to leave: that is an event, which wakes it, and
   * Chromium then waits for 30 idle seconds before another takes its place.
   */
  const versions = new BroadcastChannel(`medulla-leave:${scope.registration.scope}`);
  versions.onmessage = leave;

  scope.addEventListener('message', (event) => {
    const { data } = event;
    if (data?.type === 'SKIP_WAITING') versions.postMessage(null);
    if (!fits(serviceUp, data)) return;
    stay(event);
    const [port] = event.ports;
    if (data.type === 'medulla-join' && port) join(messagePort(port, log), data);
  });

  function stay(event: ExtendableEvent): void {
    if (leaving) return;
    const stayed = new Promise<void>((resolve) => {
      const end = () => {
        cancel();
        stays.delete(end);
        resolve();
      };
      const cancel = systemClock.after(STAY, end);
      stays.add(end);
    });
    event.waitUntil(stayed);
  }

  function leave(): void {
    leaving = true;
    for (const end of [...stays]) end();
    systemClock.after(LEAVING, () => {
      leaving = false;
    });
  }

  function join(port: Port, wanted: Join): void {
    port.post({ type: 'medulla-joined', protocol: PROTOCOL } satisfies Of<typeof joined>);
    ports.add(port);
    try {
      hubFor(wanted).attach({
        ...port,
        listen: (fn) =>
          port.listen((message) => {
            // Who says goodbye twice has left once.
            if (!ports.has(port)) return;
            fn(message);
            if ((message as { type?: unknown } | null)?.type === 'goodbye') left(port);
          }),
      });
    } catch (error) {
      log('error', 'hub-not-started', { error: String(error) });
      port.post({ type: 'failed', code: 'bad-option', message: String(error) } satisfies TabDown);
    }
  }

  /** The one that is there, but for the very one that was found dead. */
  function hubFor({ configuration, dead }: Join): Hub {
    const key = hubName(configuration);
    const found = hubs.get(key);
    if (found && found.boot !== dead) return found;
    void found?.close();
    const hub = browserHub(configuration, { locks: scope.navigator.locks, log, dialects });
    hubs.set(key, hub);
    return hub;
  }

  function left(port: Port): void {
    ports.delete(port);
    if (ports.size > 0) return;
    for (const end of [...stays]) end();
    if (!leaving) return;
    for (const hub of hubs.values()) void hub.close();
    hubs.clear();
  }
}
