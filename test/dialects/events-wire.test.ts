import { expect, it } from 'vitest';
import { eventsWire } from '../../src/hub/dialects/sockets/events-wire.ts';
import type { Attributes } from '../../src/protocol/attributes.ts';
import type { MutationId } from '../../src/protocol/ids.ts';
import { EventsServer } from '../conformance/dialects/events-server.ts';
import { type RecordedWire, TASKS } from './wire-recorder.ts';
import { expectLost, expectRefused, opened, partsFor, served } from './with-servers.ts';

const serve = () => served(new EventsServer());
const open = (server: EventsServer, options?: Attributes): Promise<RecordedWire> =>
  opened(eventsWire(partsFor(server, options)));

it('[DW1] asks and is answered by events that are named like the url and the method', async () => {
  const server = await serve();
  const { call } = await open(server);
  expect(await call({ method: 'create', attrs: { title: 'One' } })).toEqual({
    id: 1,
    title: 'One',
    revision: 1,
  });
  const update = { method: 'update', record: 1, attrs: { id: 1, title: 'Two' } } as const;
  expect(await call(update)).toEqual({ id: 1, title: 'Two', revision: 2 });
  expect(await call({ method: 'patch', record: 1, attrs: { done: true } })).toMatchObject({ done: true });
  expect(await call({ method: 'read', record: 1 })).toMatchObject({ id: 1, title: 'Two', done: true });
  expect(await call({ method: 'read', query: { title: 'Two' } })).toHaveLength(1);
  expect(await call({ method: 'delete', record: 1 })).toEqual({});
  expect(server.heard).toEqual([
    ['tasks:create', { title: 'One' }],
    ['tasks:1:update', { id: 1, title: 'Two' }],
    ['tasks:1:patch', { id: 1, done: true }],
    ['tasks:1:read', { id: 1 }],
    ['tasks:read', { title: 'Two' }],
    ['tasks:1:delete', { id: 1 }],
  ]);
});

it('[DW3] takes an event of a followed topic that answers nothing for a change, and tells of every event by its name', async () => {
  const server = await serve();
  const [one, two] = [await open(server), await open(server)];
  two.link.follow?.(TASKS, {});
  await two.call({ method: 'read' });
  const change = () => two.next('changes');
  const [created] = await Promise.all([change(), one.call({ method: 'create', attrs: { a: 1 } })]);
  expect(created).toEqual({ topic: TASKS, record: 1, attrs: { a: 1, revision: 1 }, whole: true });
  const [patched] = await Promise.all([change(), one.call({ method: 'patch', record: 1, attrs: { b: 2 } })]);
  expect(patched).toMatchObject({ record: 1, whole: false, attrs: { b: 2 } });
  const [deleted] = await Promise.all([change(), one.call({ method: 'delete', record: 1 })]);
  expect(deleted).toEqual({ topic: TASKS, record: 1, attrs: null, whole: true });
  const names = ['tasks:read', 'tasks:create', 'tasks:1:patch', 'tasks:1:delete'];
  expect(two.messages.map(([type]) => type)).toEqual(names);
  two.link.release?.(TASKS);
  await Promise.all([two.next('messages'), one.call({ method: 'create', attrs: {} })]);
  expect(two.changes).toHaveLength(3);
});

it('[DW3] finds the topic with the longest name that fits, and none in what is deeper', async () => {
  const server = await serve();
  const { link, next, changes, call } = await open(server);
  for (const topic of ['/a', '/a/1/b']) link.follow?.(topic as typeof TASKS, {});
  await call({ method: 'read' });
  const change = next('changes');
  server.say('a:1:b:c:2:update', { id: 2 });
  server.say('other:2:update', { id: 2 });
  server.say('a:1:b:2:update', { id: 2, message: 'Hi', error: 0 });
  expect(await change).toEqual({
    topic: '/a/1/b',
    record: 2,
    attrs: { message: 'Hi', error: 0 },
    whole: true,
  });
  expect(changes).toHaveLength(1);
});

it('[DW2] rejects with the code that the server gives its no', async () => {
  const server = await serve();
  const wire = await open(server);
  await expectRefused(server, wire);
  await expect(wire.call({ method: 'patch', record: 9, attrs: {} })).rejects.toMatchObject({
    code: 'not-found',
  });
});

it('[DW4] rejects what has no answer when the link ends, and what comes after', async () => {
  const server = await serve();
  await expectLost(server, await open(server));
});

it("[DW7] has the collection's event for methods that are said to, a front cut off, and the write's key in the data", async () => {
  const server = await serve();
  const { call } = await open(server, { base: '/app', onCollection: ['update'], keyAttribute: 'key' });
  const topic = '/app/tasks' as typeof TASKS;
  server.put('/tasks', { id: 7 });
  const key = 'tab:1' as MutationId;
  await expect(
    call({ method: 'update', topic, record: 7, attrs: { id: 7, a: 1 }, key }),
  ).resolves.toBeDefined();
  expect(server.heard).toEqual([['tasks:update', { id: 7, a: 1, key: 'tab:1' }]]);
});
