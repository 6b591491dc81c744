import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { memoryStore, type Store } from 'backbone-medulla/server';
import { io, type Socket } from 'socket.io-client';
import { afterEach, expect, it, vi } from 'vitest';
import { openBoard } from '../../demo/server/open-board.ts';
import type { Row } from '../../src/protocol/change.ts';
import type { RecordKey, Topic } from '../../src/protocol/ids.ts';
import { PROTOCOL } from '../../src/protocol/version.ts';

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function open(store: Store) {
  const http = createServer();
  const board = await openBoard(http, store);
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  const close = async () => {
    await board.medulla.close();
    http.close();
  };
  ends.push(close);
  return { ...board, close, port: (http.address() as AddressInfo).port };
}

async function visit(port: number, id: string, name: string): Promise<Socket> {
  const auth = { protocol: PROTOCOL, user: id, token: JSON.stringify({ id, name }), device: 'd' };
  const options = { auth, transports: ['websocket'], reconnection: false, forceNew: true };
  const socket = io(`http://127.0.0.1:${port}/medulla`, options);
  ends.push(() => socket.disconnect());
  await once(socket as unknown as NodeJS.EventEmitter, 'welcome');
  return socket;
}

const count = async (store: Store, topic: string): Promise<number> =>
  (await store.page(topic as Topic, null, { rows: 1_000, bytes: 1e7 })).rows.length;

/** Resolves with the person's record once `wanted` holds; each change that is published looks again. */
async function person(socket: Socket, store: Store, id: string, wanted: (row: Row[2]) => boolean) {
  const asked = [{ topic: '/people' as Topic, key: id as RecordKey }];
  await socket.emitWithAck('follow', { topics: [{ topic: '/people', cursor: null, live: true }] });
  for (;;) {
    const [row] = await store.read(asked);
    if (row && wanted(row[2])) return row[2];
    await once(socket as unknown as NodeJS.EventEmitter, '/people');
  }
}

it('[DM8] fills an empty board, and leaves one alone that people have emptied', async () => {
  const store = memoryStore();
  const first = await open(store);
  expect(await count(store, '/lists')).toBe(4);
  const { rows } = await store.page('/cards' as Topic, null, { rows: 1_000, bytes: 1e7 });
  await first.cards.publish(rows.map(([record]) => ({ record, deleted: true })));
  await first.close();
  await open(store);
  expect(await count(store, '/cards')).toBe(0);
});

it('[DM9] shows a person as connected until the last of the connections ends', async () => {
  const store = memoryStore();
  const { port } = await open(store);
  const watcher = await visit(port, 'w', 'Watcher');
  const [one, two] = [await visit(port, 'm', 'Mara'), await visit(port, 'm', 'Mara')];
  expect(await person(watcher, store, 'm', ({ online }) => online === true)).toEqual({
    name: 'Mara',
    online: true,
  });
  one.disconnect();
  await visit(port, 'n', 'Next');
  await person(watcher, store, 'n', ({ online }) => online === true);
  expect(await person(watcher, store, 'm', () => true)).toMatchObject({ online: true });
  two.disconnect();
  expect(await person(watcher, store, 'm', ({ online }) => online === false)).toMatchObject({ name: 'Mara' });
});

it('[DM9] tells that all are gone when it ends while people are connected, and complains of nothing', async () => {
  const said = vi.spyOn(console, 'warn');
  ends.push(() => said.mockRestore());
  const store = memoryStore();
  const { port, medulla } = await open(store);
  for (const id of ['m', 'n']) {
    const socket = await visit(port, id, 'Somebody');
    await person(socket, store, id, ({ online }) => online === true);
  }
  await medulla.close({ within: 100 });
  const left = await store.read(
    ['m', 'n'].map((id) => ({ topic: '/people' as Topic, key: id as RecordKey })),
  );
  expect(left.map((row) => row?.[2].online)).toEqual([false, false]);
  expect(said.mock.calls).toEqual([]);
});

it('[DM9] takes nobody for connected whom a fallen server left so', async () => {
  const store = memoryStore();
  const first = await open(store);
  await first.people.publish({ record: 'ghost', set: { name: 'Ghost', online: true } });
  await first.close();
  await open(store);
  const [row] = await store.read([{ topic: '/people' as Topic, key: 'ghost' as RecordKey }]);
  expect(row?.[2]).toEqual({ name: 'Ghost', online: false, at: '' });
});

it('[DM9] lets people change their own name and nothing else of it', async () => {
  const store = memoryStore();
  const { port } = await open(store);
  const mara = await visit(port, 'm', 'Mara');
  await person(mara, store, 'm', ({ online }) => online === true);
  const write = (n: number, record: string, set: object) => ({
    mutation: {
      ...{ id: `tab:${n}`, user: 'm', topic: '/people', record, method: 'update', set },
      ...{ unset: [], base: null, was: {} },
    },
    also: [],
    number: 0,
  });
  const { receipts } = await mara.emitWithAck('push', {
    user: 'm',
    mutations: [write(1, 'm', { name: 'Mara L.', online: false }), write(2, 'w', { name: 'Fool' })],
  });
  expect(receipts.map(({ type }: { type: string }) => type)).toEqual(['applied', 'forbidden']);
  expect(await person(mara, store, 'm', () => true)).toEqual({ name: 'Mara L.', online: true, at: '' });
});

it('[DM9] lets nobody in who does not say who it is', async () => {
  const { port } = await open(memoryStore());
  const auth = { protocol: PROTOCOL, user: 'm', token: null, device: 'd' };
  const socket = io(`http://127.0.0.1:${port}/medulla`, { auth, reconnection: false, forceNew: true });
  ends.push(() => socket.disconnect());
  const [error] = await once(socket as unknown as NodeJS.EventEmitter, 'connect_error').catch((e) => [e]);
  expect(error.data.code).toBe('unauthorized');
});
