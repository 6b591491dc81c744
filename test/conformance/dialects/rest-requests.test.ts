import type Backbone from 'backbone';
import { expect, it } from 'vitest';
import { until } from '../../support/until.ts';
import { restWorld } from './rest-world.ts';

const saved = (model: Backbone.Model, attrs: object, options: object = {}) =>
  model.save(attrs, { wait: true, ...options }) as unknown as Promise<unknown>;

it('[DI10] says by HTTP what stock Backbone says: method, path, body, and what it accepts', async () => {
  const { server, tab, written } = await restWorld();
  const Task = tab.backbone.Model.extend({ urlRoot: '/tasks' });
  const task = new Task();
  await saved(task, { title: 'A' });
  expect(written()).toMatchObject({ method: 'POST', url: '/tasks', body: '{"title":"A"}' });
  expect(written().headers).toMatchObject({
    accept: 'application/json, text/javascript, */*; q=0.01',
    'content-type': 'application/json',
    'x-requested-with': 'XMLHttpRequest',
  });
  await saved(task, { title: 'B' });
  expect(written()).toMatchObject({ method: 'PUT', url: '/tasks/1' });
  expect(JSON.parse(written().body)).toEqual({ id: 1, title: 'B', revision: 1 });
  await saved(task, { title: 'C' }, { patch: true });
  expect(written()).toMatchObject({ method: 'PATCH', url: '/tasks/1', body: '{"title":"C"}' });
  await (task.destroy({ wait: true }) as unknown as Promise<unknown>);
  expect(written()).toMatchObject({ method: 'DELETE', url: '/tasks/1', body: '' });
  expect(server.records('/tasks')).toEqual([]);
});

it('[DI10] writes a query as jQuery does, escapes ids, and ends paths as it is told', async () => {
  const { server, tab, written } = await restWorld({ suffix: '/' });
  server.before = (_, response) => {
    response.setHeader('content-type', 'application/json');
    response.end('[]');
    return true;
  };
  const tasks = tab.collection('/tasks?sort=asc');
  await tasks.fetch({ data: { page: 2, ids: [1, 2], of: { name: 'A & B' }, none: null } });
  const [read] = server.received;
  expect(decodeURIComponent(read?.url ?? '')).toBe(
    '/tasks/?sort=asc&page=2&ids[]=1&ids[]=2&of[name]=A+&+B&none=',
  );
  const Task = tab.backbone.Model.extend({ urlRoot: '/tasks' });
  await (new Task({ id: 'a/b c' }).destroy({ wait: true }) as unknown as Promise<unknown>);
  expect(written().url).toBe('/tasks/a%2Fb%20c/');
});

it('[DI10] carries the query of a write', async () => {
  const { server, tab, written } = await restWorld();
  server.put('/tasks', { id: 7, title: 'A' });
  const task = new (tab.backbone.Model.extend({ url: '/tasks/7?force=true' }))({ id: 7 });
  await (task.destroy({ wait: true }) as unknown as Promise<unknown>);
  expect(written()).toMatchObject({ method: 'DELETE', url: '/tasks/7?force=true' });
  expect(server.records('/tasks')).toEqual([]);
});

it('[DI11] sends the headers of the call and of beforeSend, of reads and of writes, late ones too', async () => {
  const { server, tab, written } = await restWorld({ headers: { 'X-All': '1', 'X-One': 'all' } });
  const tasks = tab.collection('/tasks');
  const beforeSend = (request: { setRequestHeader(name: string, value: string): void }) =>
    request.setRequestHeader('X-Two', 'sent');
  const options = { headers: { 'X-One': 'own' }, beforeSend };
  const both = { 'x-all': '1', 'x-one': 'own', 'x-two': 'sent' };
  await tasks.fetch(options as object);
  await tasks.fetch({ ...options, data: { page: 1 } } as object);
  expect(server.received.map(({ headers }) => headers)).toMatchObject([both, both]);
  await server.stop();
  tasks.create({ title: 'A' }, options as object);
  await until(() => tab.medulla.status.get('pending') === 1 && !tab.medulla.isOpen);
  await server.start();
  tab.medulla.open();
  await tab.medulla.flush();
  expect(written().headers).toMatchObject(both);
});

it('[DI11] sends the token of auth() as a bearer', async () => {
  const { tab, written } = await restWorld({}, { auth: () => 'secret' });
  await saved(new (tab.backbone.Model.extend({ urlRoot: '/tasks' }))(), { title: 'A' });
  expect(written().headers.authorization).toBe('Bearer secret');
});

it('[DI12] emulates methods and JSON as Backbone does, for all calls or for one', async () => {
  const { server, tab, written } = await restWorld({ emulateHTTP: true, emulateJSON: true });
  const answered = '{"id":1}';
  server.before = (_, response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end(answered);
    return true;
  };
  const task = new (tab.backbone.Model.extend({ urlRoot: '/tasks' }))();
  await saved(task, { title: 'A' });
  const form = () => Object.fromEntries(new URLSearchParams(written().body));
  expect(written()).toMatchObject({ method: 'POST', url: '/tasks' });
  expect(written().headers['content-type']).toMatch(/^application\/x-www-form-urlencoded/);
  expect(form()).toEqual({ model: '{"title":"A"}' });
  await saved(task, { title: 'B' });
  expect(written()).toMatchObject({ method: 'POST', url: '/tasks/1' });
  expect(written().headers['x-http-method-override']).toBe('PUT');
  expect(form()).toEqual({ model: '{"title":"B","id":1}', _method: 'PUT' });
  await (task.destroy({ wait: true, emulateJSON: false } as object) as unknown as Promise<unknown>);
  expect(written()).toMatchObject({ method: 'POST', body: '' });
  expect(written().headers['x-http-method-override']).toBe('DELETE');
});

it('[DI13] sends a key with each write, the same for each try, and another for the next; or none', async () => {
  const { server, tab } = await restWorld();
  let tries = 0;
  server.before = ({ method }, response) => {
    if (method === 'GET' || ++tries > 1) return false;
    response.writeHead(503, { 'retry-after': '0' }).end();
    return true;
  };
  const Task = tab.backbone.Model.extend({ urlRoot: '/tasks' });
  await saved(new Task(), { title: 'A' });
  await saved(new Task(), { title: 'B' });
  const keys = server.received.map(({ headers }) => headers['idempotency-key']);
  expect(keys).toHaveLength(3);
  expect(keys[0]).toMatch(/:\d+$/);
  expect(keys[1]).toBe(keys[0]);
  expect(keys[2]).not.toBe(keys[0]);
  const other = await restWorld({ key: false });
  await saved(new (other.tab.backbone.Model.extend({ urlRoot: '/tasks' }))(), { title: 'A' });
  expect(other.written().headers).not.toHaveProperty('idempotency-key');
});
