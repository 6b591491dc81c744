import { readFileSync } from 'node:fs';
import type Backbone from 'backbone';
import { expect, it } from 'vitest';
import { until } from '../../support/until.ts';
import { ScriptedServer } from '../dialects/scripted-server.ts';
import type { SocketIoServer } from '../dialects/socket-io-server.ts';
import { ground, promised } from '../support/ground.ts';
import { ManualServer } from './manual-server.ts';
import { StubServer } from './stub-server.ts';

const SIGNATURE = { name: 'signature' };
const again = { cache: 'reload' } as object;

/** A server whose answers the test gives, and users 1 and 2. */
async function users() {
  const server = new ScriptedServer();
  const tab = await ground(server, SIGNATURE);
  const all = tab.collection('/users');
  const fetched = promised(all.fetch());
  const { say } = await server.next();
  say('read:/users', [
    { id: 1, name: 'Ada' },
    { id: 2, name: 'Bob' },
  ]);
  await fetched;
  return { ...tab, server, all, user: (id: number) => all.get(id) as Backbone.Model };
}

it("[JS-01] goes over the one socket of the application's server, whatever is asked, and however many tabs ask", async () => {
  const server = new StubServer();
  const { world, collection } = await ground(server, SIGNATURE);
  const other = world.tab();
  await Promise.all([collection('/users').fetch(), other.collection('/groups').fetch()].map(promised));
  const user = collection('/users').create({ name: 'Ada' }) as Backbone.Model;
  await until(() => user.id === 1);
  expect([server.sockets, server.heard.length]).toEqual([1, 3]);
});

it('[JS-01] lets the application say and hear over that socket what is none of Backbone', async () => {
  const server = new StubServer();
  const { medulla } = await ground(server, SIGNATURE);
  const heard: unknown[] = [];
  medulla.on('message', (type: string, content: unknown) => heard.push([type, content]));
  await medulla.send({ type: 'joined', data: { nick: 'ada' } });
  await until(() => server.heard.length === 1);
  server.say('chat', { text: 'Hello' });
  await until(() => heard.length === 1);
  expect([server.heard, heard]).toEqual([[['joined', { nick: 'ada' }]], [['chat', { text: 'Hello' }]]]);
  // Socket.IO keeps some names for itself.
  await expect(medulla.send({ type: 'disconnect' })).rejects.toMatchObject({ code: 'bad-message' });
});

it('[JS-02] [JS-04] sends a signature of the url and the id, with the item, and a read the signature alone', async () => {
  const server = new StubServer();
  const { collection } = await ground(server, SIGNATURE);
  const all = collection('/users');
  await promised(all.fetch());
  const user = all.create({ name: 'Ada' }) as Backbone.Model;
  await until(() => user.id === 1);
  await promised(user.save({ name: 'Eve' }));
  await promised(user.fetch(again));
  await promised(user.destroy({ wait: true }));
  expect(server.heard).toEqual([
    ['read', { signature: { endPoint: '/users' } }],
    ['create', { signature: { endPoint: '/users' }, item: { name: 'Ada' } }],
    ['update', { signature: { endPoint: '/users/1' }, item: { id: 1, name: 'Eve' } }],
    ['read', { signature: { endPoint: '/users/1' } }],
    ['delete', { signature: { endPoint: '/users/1' }, item: { id: 1, name: 'Eve' } }],
  ]);
});

it('[JS-03] keeps two of one endpoint apart by the `ctx` of their models', async () => {
  const { server, backbone } = await users();
  const User = backbone.Model.extend({ urlRoot: '/users' });
  const [left, right] = [
    new (User.extend({ ctx: 'left' }))({ id: 1 }),
    new (User.extend({ ctx: 'right' }))({ id: 1 }),
  ];
  const both = [promised(left.fetch(again)), promised(right.fetch(again))];
  const [first, second] = [await server.next(), await server.next()];
  expect([first, second].map(({ content }) => content)).toEqual([
    { signature: { endPoint: '/users/1', ctx: 'left' } },
    { signature: { endPoint: '/users/1', ctx: 'right' } },
  ]);
  second.say('read:/users/1:right', { id: 1, name: 'Ada L.' });
  await both[1];
  expect([left.get('name'), right.get('name')]).toEqual([undefined, 'Ada L.']);
  first.say('read:/users/1:left', { id: 1, name: 'Ada L.' });
  await both[0];
  expect(left.get('name')).toBe('Ada L.');
});

it("[JS-03] has a collection's `ctx` in the signature of what it reads, and a model's in that of what it writes", async () => {
  const { server, collection, backbone } = await users();
  const model = backbone.Model.extend({ ctx: 'row' });
  const list = collection('/users', { ctx: 'list', model });
  const fetched = promised(list.fetch(again));
  const read = await server.next();
  expect(read.content).toEqual({ signature: { endPoint: '/users', ctx: 'list' } });
  read.say('read:/users:list', [{ id: 1, name: 'Ada' }]);
  await fetched;
  const saved = promised(list.at(0).save({ name: 'Eve' }));
  const write = await server.next();
  const signature = { endPoint: '/users/1', ctx: 'row' };
  expect(write.content).toEqual({ signature, item: { id: 1, name: 'Eve' } });
  write.say('update:/users/1:row', { success: true });
  await saved;
});

it('[JS-05] is answered by `operation:endPoint`, and by no other event', async () => {
  const { server, user } = await users();
  const saved = promised(user(1).save({ name: 'Eve' }));
  const { event, content, say } = await server.next();
  expect(event).toBe('update');
  expect(content).toMatchObject({ signature: { endPoint: '/users/1' } });
  say('update:/users/2', { success: false });
  say('update', { success: false });
  say('update:/users/1', { success: true });
  expect(await saved).toEqual({ id: 1, name: 'Eve' });
});

it("[JS-06] sets the model's id from the answer to its create", async () => {
  const { server, all } = await users();
  const user = all.create({ name: 'Eve' }, { wait: true }) as Backbone.Model;
  const { say } = await server.next();
  expect(user.isNew()).toBe(true);
  say('create:/users', { id: 31 });
  await until(() => all.length === 3);
  expect([user.id, user.toJSON(), all.get(31) === user]).toEqual([31, { id: 31, name: 'Eve' }, true]);
});

it('[JS-07] hands what is read to success, for a collection and for a model', async () => {
  const { server, all, user } = await users();
  const heard: unknown[] = [];
  const success = (_target: unknown, data: unknown) => heard.push(data);
  const list = promised(all.fetch({ ...again, success }));
  const first = await server.next();
  first.say('read:/users', [{ id: 1, name: 'Ada L.' }]);
  await list;
  const one = promised(user(1).fetch({ ...again, success }));
  const second = await server.next();
  second.say('read:/users/1', { id: 1, name: 'Ada Lovelace' });
  await one;
  expect(heard).toEqual([[{ id: 1, name: 'Ada L.' }], { id: 1, name: 'Ada Lovelace' }]);
});

it('[JS-08] calls success for an update and a delete that are answered', async () => {
  const { server, user } = await users();
  const heard: string[] = [];
  const saved = promised(user(1).save({ name: 'Eve' }, { success: () => heard.push('updated') }));
  (await server.next()).say('update:/users/1', { success: true });
  await saved;
  const deleted = promised(user(2).destroy({ success: () => heard.push('deleted') }));
  (await server.next()).say('delete:/users/2', { success: true });
  await deleted;
  expect(heard).toEqual(['updated', 'deleted']);
});

it.each<[string, unknown, object]>([
  ['an error in the answer', { error: { code: 'forbidden', message: 'Not hers' } }, { status: 403 }],
  ['a text as the error', { error: 'Not hers' }, { status: 422 }],
  ['success: false', { success: false }, { status: 422 }],
])('[JS-09] calls error for %s', async (_, answer, expected) => {
  const { server, user } = await users();
  const heard: unknown[] = [];
  const options = { error: (_model: unknown, request: object) => heard.push(request) };
  const saved = promised(user(1).save({ name: 'Eve' }, options)).catch((error) => error);
  (await server.next()).say('update:/users/1', answer);
  expect(await saved).toMatchObject(expected);
  expect(heard).toMatchObject([expected]);
});

it('[JS-09] calls error after the timeout of a call that has no answer', async () => {
  const { server, user } = await users();
  const heard: string[] = [];
  const error = (_model: unknown, request: { statusText: string }) => heard.push(request.statusText);
  const saved = promised(user(1).save({ name: 'Eve' }, { timeout: 20, error })).catch((thrown) => thrown);
  expect((await server.next()).event).toBe('update');
  expect(await saved).toMatchObject({ code: 'timeout' });
  expect(heard).toEqual(['timeout']);
});

it('[JS-10] works with a stub of a server that answers the four events, and nothing more', async () => {
  await usesTheServer(new StubServer());
});

it('[JS-10] works with the server that the manual has', async () => {
  const [, code = ''] =
    /```js\n\/\/ signature-server\.js\n(.*?)```/s.exec(readFileSync('README.md', 'utf8')) ?? [];
  await usesTheServer(new ManualServer(code.replace(/^import .*$/m, '')));
});

async function usesTheServer(server: SocketIoServer): Promise<void> {
  const { collection } = await ground(server, SIGNATURE);
  const all = collection('/users');
  const user = all.create({ name: 'Ada' }) as Backbone.Model;
  await until(() => user.id === 1);
  expect(await promised(user.save({ name: 'Eve' }))).toEqual({ id: 1, name: 'Eve' });
  expect(await promised(all.fetch(again))).toEqual([{ id: 1, name: 'Eve' }]);
  await promised(user.destroy({ wait: true }));
  expect(all.length).toBe(0);
}
