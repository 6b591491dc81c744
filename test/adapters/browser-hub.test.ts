import 'fake-indexeddb/auto';
import { afterEach, expect, it, vi } from 'vitest';
import { silentLog } from '../../src/base/log.ts';
import { browserHub } from '../../src/hub/adapters/browser-hub.ts';
import { webLocks } from '../../src/hub/adapters/web-locks.ts';
import type { Hub } from '../../src/hub/create-hub.ts';
import { tabLock } from '../../src/protocol/tab-terms.ts';
import { portPair } from '../../src/testing/port-pair.ts';
import { socketServer, type TestServer, WELCOME } from './socket-server.ts';
import { hello, type TabEnd, tabEnd } from './tab-end.ts';

const environment = { locks: navigator.locks, log: silentLog };
const ends: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const end of ends.splice(0)) await end();
  vi.unstubAllGlobals();
});

async function serve(): Promise<TestServer> {
  const server = await socketServer((socket) => socket.emit('welcome', WELCOME));
  ends.push(() => server.close());
  return server;
}

function start(configuration: unknown): Hub {
  const hub = browserHub(configuration, environment);
  ends.unshift(() => hub.close());
  return hub;
}

/** A tab that is there until the test ends. */
async function enter(hub: Hub): Promise<TabEnd> {
  const leave = await webLocks(navigator.locks).hold(tabLock(hello.tab));
  ends.unshift(async () => leave());
  const [port, other] = portPair();
  hub.attach(other);
  const tab = tabEnd(port);
  tab.say(hello);
  return tab;
}

const configuration = (server: string) => ({ user: 'ada', server, path: '/socket.io', slot: 0 });

it('[HS4] makes a hub for the configured server, path and user, with a database for the two', async () => {
  const { url, sockets } = await serve();
  const hub = start(configuration(url));
  const tab = await enter(hub);
  const { boot, lock } = await tab.first('welcome');
  expect(boot).toBe(hub.boot);
  const { held = [] } = await navigator.locks.query();
  expect(held.map(({ name }) => name)).toContain(lock);
  await tab.first('batch', ({ status }) => status?.connection === 'open');
  expect(sockets.map(({ handshake }) => handshake.auth.user)).toEqual(['ada']);
  expect((await indexedDB.databases()).map(({ name }) => name)).toContain(`medulla:${url}/socket.io:ada`);
});

it('[HS4] goes on in memory where IndexedDB is refused, and says so', async () => {
  vi.stubGlobal('indexedDB', undefined);
  const { url } = await serve();
  const hub = start(configuration(url));
  const tab = await enter(hub);
  const { status } = await tab.first('batch', ({ status }) => status?.durable === false);
  expect(status?.durableReason).toBe('refused');
});

it('[HS4] refuses a configuration that is none', () => {
  for (const bad of [null, 'ada', {}, { ...configuration('http://localhost'), user: 7 }])
    expect(() => browserHub(bad, environment)).toThrow(/is not/);
});
