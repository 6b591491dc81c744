import type Backbone from 'backbone';
import { expect, it } from 'vitest';
import { until } from '../../support/until.ts';
import { type RestWorld, restWorld } from './rest-world.ts';

const saved = (model: Backbone.Model, attrs: object, options: object = {}) =>
  model.save(attrs, { wait: true, ...options }) as unknown as Promise<unknown>;

type Refused = Error & {
  status: number;
  code: string;
  responseJSON: { code: string; message: string; details: unknown };
};
const refused = (promise: Promise<unknown>): Promise<Refused> =>
  promise.then(
    () => Promise.reject(new Error('It was not refused')),
    (error) => error,
  );

/** What the server answers writes with from now on; `times`: so often. */
function answering(
  { server }: RestWorld,
  status: number,
  body: string,
  headers: Record<string, string> = {},
  times = Number.POSITIVE_INFINITY,
): void {
  let left = times;
  server.before = ({ method }, response) => {
    if (method === 'GET' || left-- <= 0) return false;
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body);
    return true;
  };
}

it.each([
  [400, 'invalid'],
  [403, 'forbidden'],
  [409, 'conflict'],
  [418, 'invalid'],
  [422, 'invalid'],
])(
  '[DI14] a write that is answered with %i is refused, with that status and the words of the answer',
  async (status, code) => {
    const rest = await restWorld();
    answering(rest, status, '{"message":"No such title","errors":{"title":["bad"]}}');
    const error = await refused(
      saved(new (rest.tab.backbone.Model.extend({ urlRoot: '/tasks' }))(), { title: 'A' }),
    );
    expect(error).toMatchObject({ status, code, message: expect.stringContaining('No such title') });
    expect(error.responseJSON.details).toEqual({ message: 'No such title', errors: { title: ['bad'] } });
  },
);

it("[DI14] keeps a code of the server's own, and its text where it says no JSON", async () => {
  const rest = await restWorld();
  const Task = rest.tab.backbone.Model.extend({ urlRoot: '/tasks' });
  answering(rest, 403, '{"code":"rest_forbidden","message":"Not yours"}');
  const own = await refused(saved(new Task(), { title: 'A' }));
  expect([own.code, own.status, own.responseJSON.message]).toEqual(['rest_forbidden', 403, 'Not yours']);
  answering(rest, 422, 'It is too short', { 'content-type': 'text/plain' });
  const plain = await refused(saved(new Task(), { title: 'B' }));
  expect(plain.message).toContain('It is too short');
});

it('[DI14] a read that is refused says so; a delete of what is not there is done', async () => {
  const { server, tab } = await restWorld();
  const Task = tab.backbone.Model.extend({ urlRoot: '/tasks' });
  const fetched = (model: Backbone.Model) => model.fetch() as unknown as Promise<unknown>;
  expect((await refused(fetched(new Task({ id: 9 })))).status).toBe(404);
  await (new Task({ id: 9 }).destroy({ wait: true }) as unknown as Promise<unknown>);
  server.before = (_, response) => {
    response.writeHead(401, { 'content-type': 'application/json' }).end('{"message":"Sign in"}');
    return true;
  };
  expect((await refused(fetched(new Task({ id: 9 })))).status).toBe(401);
  expect((await refused(tab.collection('/tasks').fetch() as unknown as Promise<unknown>)).status).toBe(401);
});

it('[DI14] tries again what the server could not do now, and holds up nothing else', async () => {
  const rest = await restWorld();
  const Task = rest.tab.backbone.Model.extend({ urlRoot: '/tasks' });
  let fails = 2;
  rest.server.before = ({ method, body }, response) => {
    if (method === 'GET' || !body.includes('A') || fails-- <= 0) return false;
    response.writeHead(fails === 0 ? 500 : 429, { 'retry-after': '0' }).end('busy');
    return true;
  };
  const first = saved(new Task(), { title: 'A' });
  await saved(new Task(), { title: 'B' });
  expect(rest.server.records('/tasks')).toMatchObject([{ title: 'B' }]);
  await first;
  expect(rest.server.records('/tasks')).toMatchObject([{ title: 'B' }, { title: 'A' }]);
});

it('[DI15] 401 pauses, asks for another token, and goes on; so does what the dialect says means the same', async () => {
  const tokens = ['old', 'new', 'newest'];
  const asked: string[] = [];
  const auth = () => {
    asked.push(tokens[0] as string);
    return tokens.shift() ?? 'newest';
  };
  const rest = await restWorld({ unauthorized: ['token_expired'] }, { auth });
  const Task = rest.tab.backbone.Model.extend({ urlRoot: '/tasks' });
  rest.server.before = ({ method, headers }, response) => {
    if (method === 'GET' || headers.authorization === 'Bearer newest') return false;
    const isOld = headers.authorization === 'Bearer old';
    response
      .writeHead(isOld ? 401 : 403, { 'content-type': 'application/json' })
      .end(isOld ? '{}' : '{"code":"token_expired"}');
    return true;
  };
  await saved(new Task(), { title: 'A' });
  expect(asked).toEqual(['old', 'new', 'newest']);
  expect(rest.server.records('/tasks')).toMatchObject([{ title: 'A' }]);
});

it('[DI15] a token against forgery is the newest that the server or a read has named, also for what has waited', async () => {
  const rest = await restWorld({ csrf: 'X-CSRF-Token' }, { auth: () => 'first' });
  const { server, tab, written } = rest;
  const Task = tab.backbone.Model.extend({ urlRoot: '/tasks' });
  await saved(new Task(), { title: 'A' });
  expect(written().headers).toMatchObject({ 'x-csrf-token': 'first' });
  expect(written().headers).not.toHaveProperty('authorization');
  server.before = ({ method }, response) => {
    if (method === 'GET') response.setHeader('X-CSRF-Token', 'fresh');
    return false;
  };
  await tab.collection('/notes').fetch();
  await server.stop();
  new Task().save({ title: 'B' }, { headers: { 'x-csrf-token': 'stale' } } as object);
  await until(() => tab.medulla.status.get('pending') === 1 && !tab.medulla.isOpen);
  await server.start();
  tab.medulla.open();
  await tab.medulla.flush();
  expect(written().headers['x-csrf-token']).toBe('fresh');
  await tab.collection('/notes').fetch({ headers: { 'X-Csrf-Token': 'own' } } as object);
  server.before = () => false;
  await tab.collection('/notes').fetch({ headers: { 'X-Csrf-Token': 'own' } } as object);
  await saved(new Task(), { title: 'C' });
  expect(written().headers['x-csrf-token']).toBe('own');
});

it('[DI14] takes a new id from Location, a list out of an answer, and nothing from an empty one', async () => {
  const rest = await restWorld({ list: 'data.items', idAttribute: '_id' });
  rest.server.before = ({ method, url }, response) => {
    if (method === 'POST') response.writeHead(201, { location: '/tasks/42' }).end();
    else if (method === 'GET') response.end(JSON.stringify({ data: { items: [{ _id: 'x', title: url }] } }));
    else response.writeHead(204).end();
    return true;
  };
  const Task = rest.tab.backbone.Model.extend({ urlRoot: '/tasks', idAttribute: '_id' });
  const task = new Task();
  await saved(task, { title: 'A' });
  expect(task.id).toBe(42);
  await saved(task, { title: 'B' });
  expect(JSON.parse(rest.written().body)).toEqual({ title: 'B', _id: 42 });
  const tasks = rest.tab.collection('/tasks', { model: Task });
  await tasks.fetch();
  expect(tasks.toJSON()).toEqual([{ _id: 'x', title: '/tasks' }]);
});

it('[DI14] a page in place of an answer is no success', async () => {
  const rest = await restWorld();
  answering(rest, 200, '<!doctype html><form action=login>', { 'content-type': 'text/html' });
  const error = await refused(
    saved(new (rest.tab.backbone.Model.extend({ urlRoot: '/tasks' }))(), { title: 'A' }),
  );
  expect(error.message).toContain('no JSON');
});

it('[DI16] an answer brings its headers: of reads, of writes, and of refusals', async () => {
  const { server, tab } = await restWorld();
  server.before = (_, response) => {
    response.setHeader('X-Total', '17');
    return false;
  };
  const tasks = tab.collection('/tasks');
  const total = async (given: unknown) => {
    const request = given as Promise<unknown> & {
      getResponseHeader(name: string): string | null;
      getAllResponseHeaders(): string;
    };
    expect(request.getResponseHeader('X-Total')).toBeNull();
    await request.catch(() => undefined);
    expect(request.getAllResponseHeaders()).toContain('x-total: 17\r\n');
    return request.getResponseHeader('X-Total');
  };
  expect(await total(tasks.fetch())).toBe('17');
  expect(await total(tasks.fetch({ data: { page: 1 } }))).toBe('17');
  const task = new (tab.backbone.Model.extend({ urlRoot: '/tasks' }))();
  expect(await total(task.save({ title: 'A' }, { wait: true }))).toBe('17');
  expect(await total(task.fetch())).toBe('17');
  server.refuse('No');
  const refusal = task.save({ title: 'B' }, { wait: true }) as unknown as { responseJSON: object };
  expect(await total(refusal)).toBe('17');
  expect(refusal.responseJSON).not.toHaveProperty('headers');
});
