/** Whatever fails in the application or below it, its clients are told no more than that something did. */
import type { Socket } from 'socket.io-client';
import { afterEach, expect, it } from 'vitest';
import type { Store } from '../../src/server/store.ts';
import { connectStyle, memoryStore, type ServerOptions } from '../../src/server.ts';
import { handshake, sent } from '../server/support/fake-peer.ts';
import { LiveServer } from '../server/support/live-server.ts';
import { told } from './told.ts';

const WORDS = 'connect ECONNREFUSED postgres://app:hunter2@db';

const fail = (): never => {
  throw Object.assign(new Error(WORDS), { errno: -111 });
};

let server: LiveServer;
afterEach(() => server.end());

/** Everything that a client can ask for, each way that there is, and all that it hears. */
async function heardFrom(options: Partial<ServerOptions>): Promise<string[]> {
  server = await LiveServer.start(options);
  const heard: unknown[] = [];
  server.medulla.resource('/tasks', { public: true, methods: ['archive'] });
  server.medulla.resource('/judged', { authorize: fail });
  server.medulla.resource('/checked', {
    public: true,
    schema: { '~standard': { version: 1, vendor: 'x', validate: fail } },
  });
  server.medulla.resource('/merged', { public: true, conflict: fail });
  server.medulla.resource('/between', { public: true, methods: ['archive'] }).use(fail);
  server.medulla.resource('/connect', { public: true }).use(connectStyle(fail));
  server.medulla.resource('/named', { public: true, id: fail });
  server.medulla.on('message', fail);
  const topics = ['/tasks', '/judged', '/checked', '/merged', '/between', '/connect', '/named', '/none'];
  const socket = server.dial(handshake(''));
  socket.onAny((...event) => void heard.push(event));
  socket.on('connect_error', (error) => void heard.push({ ...error, message: error.message }));
  await new Promise<void>((resolve) => {
    socket.on('welcome', () => resolve());
    socket.on('connect_error', () => resolve());
  });
  if (socket.connected) for (const topic of topics) heard.push(await asked(socket, topic));
  const mutations = topics.map((topic, n) => sent(`http:${n}`, { topic }));
  const response = await fetch(`${server.url}/medulla/push`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ...handshake(''), mutations }),
  });
  heard.push(await response.text(), [...response.headers]);
  for (const path of ['health', 'x.js', '%', 'push'])
    heard.push(await (await fetch(`${server.url}/medulla/${path}`)).text());
  return heard.map((one) => JSON.stringify(one));
}

async function asked(socket: Socket, topic: string): Promise<unknown[]> {
  const ask = (name: string, request: unknown) => socket.timeout(10_000).emitWithAck(name, request);
  const first = sent(`a${topic}`, { topic, set: { n: 1 } });
  const second = sent(`b${topic}`, { topic, method: 'update', set: { n: 2 }, base: 7, was: { n: 0 } });
  const unnamed = sent(`c${topic}`, { topic, record: '~0194d5a0-0000-7000-8000-000000000001' });
  return [
    await ask('push', { user: '', mutations: [first, second, unnamed] }),
    await ask('follow', { topics: [{ topic, cursor: null, live: true }] }),
    await ask('read', { topic }),
    await ask('read', { topic, record: 'x' }),
    await ask('message', { content: 1, to: { topic, method: 'archive' } }),
    await ask('message', { content: 1 }),
  ];
}

/** A store whose methods fail, but for those that it opens and closes with. */
function failing(...names: readonly (keyof Store)[]): Store {
  return new Proxy(memoryStore(), {
    get: (store, name) =>
      names.includes(name as keyof Store) ? async () => fail() : Reflect.get(store, name).bind(store),
  });
}

const faults: Readonly<Record<string, Partial<ServerOptions>>> = {
  'the application': {},
  authenticate: { authenticate: fail },
  'middleware of the handshake': { handshake: [fail] },
  'a store that does not open': { store: failing('open') },
  'a store that does not commit': { store: failing('commit') },
  'a store that does not read': { store: failing('read', 'head', 'page', 'log') },
  'a store that knows no receipts': { store: failing('receipts', 'refuse', 'number') },
};

it.each(Object.entries(faults))(
  '[HI12] tells no client what failed, where or how, whichever way it asks: %s',
  async (_what, options) => {
    const heard = await heardFrom(options);
    expect(heard.length).toBeGreaterThan(5);
    expect(told(heard)).toBeUndefined();
    expect(heard.filter((one) => /hunter2|ECONNREFUSED|errno/.test(one))).toEqual([]);
  },
);
