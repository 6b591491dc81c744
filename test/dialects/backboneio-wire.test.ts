import { expect, it } from 'vitest';
import { backboneIoWire } from '../../src/hub/dialects/sockets/backboneio-wire.ts';
import type { Attributes } from '../../src/protocol/attributes.ts';
import type { MutationId, Topic } from '../../src/protocol/ids.ts';
import { BackboneIoServer } from '../conformance/dialects/backboneio-server.ts';
import { TASKS } from './wire-recorder.ts';
import { expectLost, expectRefused, opened, partsFor, served } from './with-servers.ts';

const serve = () => served(new BackboneIoServer('tasks', 'users'));
const open = (server: BackboneIoServer, options?: Attributes) =>
  opened(backboneIoWire(partsFor(server, options)));
const topic = (name: string) => name as Topic;

it('[DW1] listens to a backend, syncs with it, and hands the options on', async () => {
  const server = await serve();
  const { call } = await open(server, { keyAttribute: 'key' });
  const one = await call({ method: 'create', attrs: { title: 'One' }, key: 'tab:1' as MutationId });
  expect(one).toMatchObject({ id: 1, title: 'One' });
  const two = { id: 1, title: 'Two' };
  expect(await call({ method: 'update', record: 1, attrs: two })).toMatchObject(two);
  const options = { tone: 'low' };
  expect(await call({ method: 'read', query: { title: 'Two' }, options })).toMatchObject([two]);
  expect(await call({ method: 'read', record: 1 })).toMatchObject(two);
  expect(await call({ method: 'delete', record: 1 })).toEqual({});
  expect(server.heard).toEqual([
    ['listen', null],
    ['sync', { method: 'create', model: { title: 'One' }, options: { key: 'tab:1' } }],
    ['sync', { method: 'update', model: { id: 1, title: 'Two' }, options: {} }],
    ['sync', { method: 'read', model: [], options: { tone: 'low', data: { title: 'Two' } } }],
    ['sync', { method: 'read', model: { id: 1 }, options: {} }],
    ['sync', { method: 'delete', model: { id: 1 }, options: {} }],
  ]);
});

it('[DW3] takes what is synced for a change: whole where it was made, else set on what is there', async () => {
  const server = await serve();
  const [one, two] = [await open(server), await open(server)];
  await two.link.follow?.(TASKS, {});
  const [created] = await Promise.all([two.next('changes'), one.call({ method: 'create', attrs: { a: 1 } })]);
  expect(created).toEqual({ topic: TASKS, record: 1, attrs: { a: 1, revision: 1 }, whole: true });
  const update = { method: 'update', record: 1, attrs: { id: 1, a: 2 } } as const;
  const [updated] = await Promise.all([two.next('changes'), one.call(update)]);
  expect(updated).toEqual({ topic: TASKS, record: 1, attrs: { a: 2, revision: 2 }, whole: false });
  const [deleted] = await Promise.all([two.next('changes'), one.call({ method: 'delete', record: 1 })]);
  expect(deleted).toEqual({ topic: TASKS, record: 1, attrs: null, whole: false });
  expect(one.changes).toEqual([]);
});

it('[DW6] has one connection for all backends, and one more for a second channel of one, which hears its own alone', async () => {
  const server = await serve();
  const { link, call, next, changes } = await open(server);
  for (const name of ['/tasks/red', '/users', '/tasks/blue']) await link.follow?.(topic(name), {});
  expect(server.sockets).toBe(2);
  const other = await open(server);
  const [change] = await Promise.all([
    next('changes'),
    other.call({ method: 'create', topic: topic('/tasks/blue'), attrs: { a: 1 } }),
  ]);
  expect(change).toMatchObject({ topic: '/tasks/blue' });
  await Promise.all([
    next('changes'),
    other.call({ method: 'create', topic: topic('/tasks/red'), attrs: { a: 2 } }),
  ]);
  expect(changes.map((one) => one.topic)).toEqual(['/tasks/blue', '/tasks/red']);
  expect(await call({ method: 'read', topic: topic('/tasks/blue') })).toHaveLength(1);
});

it('[DW2] rejects with the error that was called back, and where there is no such backend', async () => {
  const server = await serve();
  const wire = await open(server);
  await expectRefused(server, wire);
  const unknown = { code: 'unknown-resource' };
  await expect(wire.call({ method: 'read', topic: topic('/nothing') })).rejects.toMatchObject(unknown);
});

it('[DW4] rejects what has no answer when the link ends, and what comes after', async () => {
  const server = await serve();
  await expectLost(server, await open(server));
});
