import 'fake-indexeddb/auto';
import { afterEach, expect, it, vi } from 'vitest';
import { silentLog } from '../../src/base/log.ts';
import { type ServiceWorkerLike, serviceWorkerHost } from '../../src/client/hosts/service-worker-host.ts';
import { listenForTabs, type ServiceScope } from '../../src/hub/adapters/service/listen-for-tabs.ts';
import { webLocks } from '../../src/hub/adapters/web-locks.ts';
import type { Boot, UserId } from '../../src/protocol/ids.ts';
import type { Port } from '../../src/protocol/port.ts';
import { tabLock } from '../../src/protocol/tab-terms.ts';
import { hello, type TabEnd, tabEnd } from './tab-end.ts';

const configuration = { user: 'ada' as UserId, server: 'http://127.0.0.1:9', path: '/socket.io', slot: 0 };
const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
  vi.useRealTimers();
});

/** One run of a service worker's script, as its pages and its browser see it. */
class Worker extends EventTarget implements ServiceWorkerLike {
  state = 'activated';
  /** What keeps it awake. */
  awake = 0;
  readonly heard: string[] = [];
  #listener: (event: ExtendableMessageEvent) => void = () => undefined;

  constructor() {
    super();
    const scope: ServiceScope = {
      navigator: { locks: navigator.locks },
      registration: { scope: 'https://app.test/' },
      addEventListener: (_type, listener) => {
        this.#listener = listener;
      },
    };
    listenForTabs(scope, silentLog);
  }

  postMessage(data: { type: string }, ports: Transferable[] = []): void {
    this.heard.push(data.type);
    const waitUntil = (promise: Promise<unknown>) => {
      this.awake++;
      promise.then(() => this.awake--);
    };
    this.#listener({ data, ports, waitUntil } as unknown as ExtendableMessageEvent);
  }

  turns(state: string): void {
    this.state = state;
    this.dispatchEvent(new Event('statechange'));
  }
}

function registered(): { active: Worker | null; waiting: Worker | null; worker: Worker } {
  const registration: { active: Worker | null; waiting: Worker | null } = { active: null, waiting: null };
  const worker = new Worker();
  registration.active = worker;
  return Object.assign(registration, { worker });
}

const hostOf = (registration: { active: ServiceWorkerLike | null; waiting?: object | null }) =>
  serviceWorkerHost({
    workers: { ready: Promise.resolve(registration) },
    configuration,
    watch: () => () => undefined,
  });

/** A tab of this name that has said hello. */
async function enter(port: Port, name = 'tab-1'): Promise<TabEnd> {
  ends.push(() => port.close(), await webLocks(navigator.locks).hold(tabLock(name as typeof hello.tab)));
  const tab = tabEnd(port);
  tab.say({ ...hello, tab: name as typeof hello.tab });
  return tab;
}

it('[SE1] gives all tabs one hub, by a port each', async () => {
  const registration = registered();
  const [one, two] = await Promise.all([hostOf(registration).join(null), hostOf(registration).join(null)]);
  const [first, second] = await Promise.all([enter(one), enter(two, 'tab-2')]);
  expect((await first.first('welcome')).boot).toBe((await second.first('welcome')).boot);
});

it('[SE1] has another hub for the one that was found dead, and for that one alone', async () => {
  const registration = registered();
  const host = hostOf(registration);
  const tab = await enter(await host.join(null));
  const { boot } = await tab.first('welcome');
  const next = await enter(await host.join(boot), 'tab-2');
  const other = (await next.first('welcome')).boot;
  expect(other).not.toBe(boot);
  const late = await enter(await hostOf(registration).join(boot), 'tab-3');
  expect((await late.first('welcome')).boot).toBe(other);
});

it('[SE2] is kept awake by each word of a page, until the last has gone', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  const registration = registered();
  const { worker } = registration;
  const ports = await Promise.all([hostOf(registration).join(null), hostOf(registration).join(null)]);
  const [first, second] = [await enter(ports[0]), await enter(ports[1], 'tab-2')];
  await Promise.all([first.first('welcome'), second.first('welcome')]);
  expect(worker.awake).toBe(2);
  vi.advanceTimersByTime(200_000);
  expect([worker.awake, worker.heard.at(-1)]).toEqual([4, 'medulla-stay']);
  ports[0].close();
  const third = await hostOf(registration).join(null);
  // The goodbye of the first was on its way before this hello.
  await (await enter(third, 'tab-3')).first('welcome');
  expect(worker.awake).toBe(5);
  vi.advanceTimersByTime(200_000);
  expect(worker.awake).toBe(7);
  ports[1].close();
  third.close();
  await vi.waitFor(() => expect(worker.awake).toBe(0));
});

it('[SE3] is not started again where it has gone to make room for another version', async () => {
  const registration = registered();
  const host = hostOf(registration);
  const { boot } = await (await enter(await host.join(null))).first('welcome');
  const [old, next] = [registration.worker, new Worker()];
  let looks = 0;
  const joining = hostOf({
    get active() {
      return looks < 1 ? old : next;
    },
    get waiting() {
      return ++looks < 2 ? next : null;
    },
  }).join(boot);
  await enter(await joining, 'tab-2');
  expect([old.heard, next.heard]).toEqual([['medulla-join'], ['medulla-join']]);
});

it('[SE3] is started again within a second where the other version goes on waiting', async () => {
  const registration = registered();
  const host = hostOf(registration);
  const { boot } = await (await enter(await host.join(null))).first('welcome');
  registration.waiting = new Worker();
  await enter(await host.join(boot), 'tab-2');
  expect(registration.worker.heard).toEqual(['medulla-join', 'medulla-join']);
});

it('[SE3] lets another version take its place when that is told to, and its tabs join the new one', async () => {
  const registration = registered();
  const old = registration.worker;
  const host = hostOf(registration);
  const tab = await enter(await host.join(null));
  const { boot } = await tab.first('welcome');
  expect(old.awake).toBe(1);
  const next = new Worker();
  next.postMessage({ type: 'SKIP_WAITING' });
  await vi.waitFor(() => expect(old.awake).toBe(0));
  old.postMessage({ type: 'medulla-stay' });
  expect(old.awake).toBe(0);
  old.turns('redundant');
  await tab.first('deposed');
  // The browser says that the old one has gone before it says who is there.
  const joining = host.join(boot);
  registration.active = next;
  const again = await enter(await joining, 'tab-2');
  expect((await again.first('welcome')).boot).not.toBe(boot);
  expect(next.awake).toBe(1);
});

it('[SE4] cannot be the host where none is registered, or it is another’s, or of an older protocol', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout'] });
  const joining = (ready: Promise<{ active: ServiceWorkerLike | null }> | undefined) => {
    const workers = ready && { ready };
    const host = serviceWorkerHost({ workers, configuration, watch: () => () => undefined });
    const outcome = host.join(null).then(String, (error: Error) => error.message);
    return outcome;
  };
  expect(await joining(undefined)).toMatch(/no service workers here/);
  const none = joining(Promise.resolve({ active: null }));
  await vi.advanceTimersByTimeAsync(3_000);
  expect(await none).toMatch(/No service worker is registered/);
  const never = joining(new Promise(() => undefined));
  vi.advanceTimersByTime(3_000);
  expect(await never).toMatch(/No service worker is registered/);
  const answering = (answer: unknown) => {
    const postMessage = (_: object, [port]: Transferable[] = []) => {
      if (answer) (port as MessagePort).postMessage(answer);
    };
    return joining(
      Promise.resolve({ active: Object.assign(new EventTarget(), { state: 'activated', postMessage }) }),
    );
  };
  const silent = answering(undefined);
  await new Promise((resolve) => setImmediate(resolve));
  vi.advanceTimersByTime(10_000);
  expect(await silent).toMatch(/does not answer/);
  expect(await answering({ type: 'medulla-joined', protocol: 1 })).toMatch(/speaks protocol 1/);
});

it('[SE4] gives up where the database goes to and fro between kinds of hosts', async () => {
  const host = hostOf(registered());
  const ports: Port[] = [];
  for (let n = 0; n < 3; n++) ports.push(await host.join(`boot-${n}` as Boot));
  await expect(host.join('boot-3' as Boot)).rejects.toThrow(/Another kind of host/);
  for (const port of ports) port.close();
});

it('[SE1] leaves alone what is none of ours', async () => {
  const { worker } = registered();
  const { port1, port2 } = new MessageChannel();
  ends.push(() => port1.close());
  const heard: unknown[] = [];
  port1.onmessage = ({ data }) => heard.push(data);
  worker.postMessage({ type: 'medulla-join', configuration: {}, dead: null } as { type: string }, [port2]);
  worker.postMessage({ type: 'something of the application' });
  expect(worker.awake).toBe(0);
  expect(heard).toEqual([]);
});
