import type Backbone from 'backbone';
import { expect, it } from 'vitest';
import { systemClock } from '../../../src/base/clock.ts';
import { webSocketSurface } from '../../../src/client/surfaces/ws/web-socket-surface.ts';
import type { Attributes } from '../../../src/protocol/attributes.ts';
import { until } from '../../support/until.ts';
import { NativeServer } from '../dialects/websocket-server.ts';
import { type Ground, ground, promised } from '../support/ground.ts';

const WEBSOCKET = { name: 'websocket' };

interface Said extends Ground {
  readonly server: NativeServer;
  readonly messages: (readonly unknown[])[];
}

/** A tab whose hub has a native WebSocket to the server, and the messages that reach it. */
async function open(options: Attributes = {}): Promise<Said> {
  const server = new NativeServer();
  const tab = await ground(server, { ...WEBSOCKET, ...options });
  const messages: (readonly unknown[])[] = [];
  tab.medulla.on('message', (type: string, content: unknown) => messages.push([type, content]));
  return { ...tab, server, messages };
}

it('[WS-08] asks for the subprotocol that it is given', async () => {
  const { server } = await open({ protocol: 'tasks.v1', url: '/live' });
  expect(server.handshakes).toEqual([{ url: '/live', protocol: 'tasks.v1' }]);
});

it.each<[string, Attributes, readonly unknown[]]>([
  ['type and data', {}, ['news', { n: 1 }]],
  ['names of its own', { typeAttribute: 'topic', dataAttribute: 'body' }, ['sport', { n: 2 }]],
  [
    'the type alone',
    { dataAttribute: null },
    ['news', { type: 'news', topic: 'sport', data: { n: 1 }, body: { n: 2 } }],
  ],
  [
    'neither',
    { typeAttribute: null },
    ['', { type: 'news', topic: 'sport', data: { n: 1 }, body: { n: 2 } }],
  ],
])('[WS-17] [WS-18] reads a message by %s', async (_, options, message) => {
  const { server, messages } = await open(options);
  server.say({ type: 'news', topic: 'sport', data: { n: 1 }, body: { n: 2 } });
  await until(() => messages.length > 0);
  expect(messages).toEqual([message]);
});

it("[WS-32] sends the model's attributes with the method, the url and the request's id beside them", async () => {
  const { server, collection } = await open();
  const tasks = collection('/tasks');
  const task = tasks.create({ title: 'One' }) as Backbone.Model;
  await until(() => task.id === 1);
  await promised(task.save({ title: 'Two' }));
  const requestId = expect.any(String);
  expect(server.heard).toEqual([
    { title: 'One', method: 'create', url: '/tasks', requestId },
    { id: 1, revision: 1, title: 'Two', method: 'update', url: '/tasks/1', requestId },
  ]);
  expect(new Set(server.heard.map((message) => message.requestId)).size).toBe(2);
});

it('[WS-27] sends what an application says by itself as it is', async () => {
  const { server, medulla } = await open();
  await medulla.send({ type: 'hello', data: [1, 2] });
  await until(() => server.heard.length > 0);
  expect(server.heard).toEqual([{ type: 'hello', data: [1, 2] }]);
});

it('[WS-44] has one socket for many resources in many tabs', async () => {
  const { server, world, collection } = await open();
  const other = world.tab();
  const lists = [collection('/tasks', { follow: true }), other.collection('/notes', { follow: true })];
  await Promise.all(lists.map((list) => promised(list.fetch())));
  server.put('/notes', { id: 1, text: 'Hello' });
  await until(() => lists[1]?.length === 1);
  expect([server.sockets, lists[0]?.length]).toEqual([1, 0]);
});

it('[WS-05] [WS-29] [WS-37] [WS-38] has the ways of Backbone.WS over it too', async () => {
  const { server, medulla, backbone } = await open();
  const routes = { 'ws:message:jump': 'ws:message:leap' };
  const ws = webSocketSurface(medulla, { prefix: 'ws', routes }, systemClock);
  const heard: unknown[] = [];
  const model = new backbone.Model();
  model.on('all', (event: string, content: unknown) => heard.push([event, content]));
  ws.bind(model, { 'ws:message': true, 'ws:message:leap': true });
  const expected = ws.expect('jump', 5).promise;
  server.say({ type: 'jump', data: { over: 'fence' } });
  expect(await expected).toEqual({ over: 'fence' });
  await until(() => heard.length === 2);
  expect(heard).toEqual([
    ['ws:message:leap', { over: 'fence' }],
    ['ws:message', { over: 'fence' }],
  ]);
});
