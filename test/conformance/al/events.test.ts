import type Backbone from 'backbone';
import { expect, it } from 'vitest';
import { namespace } from '../../../src/surfaces.ts';
import { until } from '../../support/until.ts';
import { EventsServer } from '../dialects/events-server.ts';
import { ScriptedServer } from '../dialects/scripted-server.ts';
import { ground, promised } from '../support/ground.ts';

const EVENTS = { name: 'events' };

/** A posts server whose answers the test gives, and the posts 1 and 2. */
async function posts(options: object = {}) {
  const server = new ScriptedServer();
  const { collection, backbone } = await ground(server, { ...EVENTS, ...options });
  const all = collection('/api/posts');
  const fetched = promised(all.fetch());
  const { event, say } = await server.next();
  say(event, {
    success: true,
    data: [
      { id: 1, title: 'One' },
      { id: 2, title: 'Two' },
    ],
  });
  await fetched;
  const post = (id: number) => all.get(id) as Backbone.Model;
  return { server, all, post, backbone };
}

it.each([
  ['/api/posts/21', 'api:posts:21:'],
  ['/api/posts', 'api:posts:'],
  ['//api/posts/', 'api:posts:'],
  ['posts', 'posts:'],
])('[AL-07] [AL-18] makes of the url %s the namespace %s', (url, name) => {
  expect(namespace(url)).toBe(name);
});

it('[AL-08] [AL-15] emits the namespace and the method, with the data', async () => {
  const server = new EventsServer();
  const { collection } = await ground(server, EVENTS);
  server.put('/api/posts', { id: 21, title: 'Old' });
  const all = collection('/api/posts');
  await promised(all.fetch());
  const old = all.get(21) as Backbone.Model;
  await promised(old.fetch());
  await promised(all.create({ title: 'New' }, { wait: true }) && until(() => all.length === 2));
  await promised(old.save({ title: 'Newer' }, { wait: true }));
  await promised(old.save({ title: 'Newest' }, { wait: true, patch: true }));
  await promised(old.destroy({ wait: true }));
  const was = { id: 21, revision: 2, title: 'Newest' };
  expect(server.heard).toEqual([
    ['api:posts:read', {}],
    ['api:posts:21:read', { id: 21 }],
    ['api:posts:create', { title: 'New' }],
    ['api:posts:21:update', { id: 21, title: 'Newer' }],
    ['api:posts:21:patch', { id: 21, title: 'Newest' }],
    ['api:posts:21:delete', was],
  ]);
});

it('[AL-08] emits api:posts:delete, for a url that names no record and where the dialect is told so', async () => {
  const server = new ScriptedServer();
  const { backbone } = await ground(server, { ...EVENTS, onCollection: ['delete'] });
  const Own = backbone.Model.extend({ url: '/api/posts' });
  const deleted = promised(new Own({ id: 21, title: 'Its own url' }).destroy());
  const first = await server.next();
  expect(first.event).toBe('api:posts:delete');
  first.say(first.event, { success: true });
  await deleted;
  const Post = backbone.Model.extend({ urlRoot: '/api/posts' });
  const again = promised(new Post({ id: 21 }).destroy());
  const second = await server.next();
  expect([second.event, second.content]).toEqual(['api:posts:delete', { id: 21 }]);
  second.say(second.event, { success: true });
  await again;
});

it.each<[string, object, object]>([
  ['options.data', { data: { title: 'Data' }, attrs: { title: 'no' } }, { title: 'Data' }],
  ['options.attrs', { attrs: { title: 'Attrs' } }, { title: 'Attrs' }],
  ['toJSON(options)', {}, { title: 'Typed' }],
])('[AL-09] sends %s', async (_, options, sent) => {
  const { server, post } = await posts();
  const saved = promised(post(1).save({ title: 'Typed' }, options));
  const { event, content, say } = await server.next();
  expect([event, content]).toEqual(['api:posts:1:update', { id: 1, ...sent }]);
  say(event, { success: true });
  await saved;
});

it('[AL-09] sends what a fetch is given as data, and {} where it is given none', async () => {
  const { server, all } = await posts();
  for (const [options, sent] of [
    [{ data: { page: 2 } }, { page: 2 }],
    [{ cache: 'reload' }, {}],
  ] as const) {
    const fetched = promised(all.fetch(options as object));
    const { event, content, say } = await server.next();
    expect([event, content]).toEqual(['api:posts:read', sent]);
    say(event, { success: true, data: [] });
    await fetched;
  }
});

it('[AL-10] gives a patch the id of its model', async () => {
  const { server, post } = await posts();
  const saved = promised(post(2).save({ title: 'Three' }, { patch: true }));
  const { event, content, say } = await server.next();
  expect([event, content]).toEqual(['api:posts:2:patch', { id: 2, title: 'Three' }]);
  say(event, { success: true });
  await saved;
});

it('[AL-12] is answered by events of the same name, late and in any order', async () => {
  const { server, post } = await posts();
  const order: unknown[] = [];
  const save = (id: number) => promised(post(id).save({ n: id })).then(() => order.push(id));
  const all = [save(1), save(2)];
  const [one, two] = [await server.next(), await server.next()];
  two.say(two.event, { success: true, data: { id: 2, n: 2, by: 'two' } });
  await all[1];
  one.say(one.event, { success: true, data: { id: 1, n: 1, by: 'one' } });
  await all[0];
  expect([order, post(1).get('by'), post(2).get('by')]).toEqual([[2, 1], 'one', 'two']);
});

it('[AL-12] lets requests of one name wait for each other, so that their answers cannot cross', async () => {
  const { server, all } = await posts();
  const made = ['a', 'b'].map((title) => all.create({ title }) as Backbone.Model);
  const first = await server.next();
  expect([first.content, server.untaken]).toEqual([{ title: 'a' }, 0]);
  first.say(first.event, { success: true, data: { id: 31 } });
  const second = await server.next();
  expect(second.content).toEqual({ title: 'b' });
  second.say(second.event, { success: true, data: { id: 32 } });
  await until(() => made.every(({ id }) => typeof id === 'number'));
  expect(made.map((model) => model.toJSON())).toEqual([
    { title: 'a', id: 31 },
    { title: 'b', id: 32 },
  ]);
});

it.each<[string, unknown]>([
  ['false', { success: false, message: 'No' }],
  ['missing', { id: 1, title: 'Three' }],
  ['missing, and everything with it', null],
])('[AL-13] takes an answer for a failure whose success is %s', async (_, answer) => {
  const { server, post } = await posts();
  const saved = promised(post(1).save({ title: 'Three' })).catch((error) => error);
  const { event, say } = await server.next();
  say(event, answer);
  expect(await saved).toMatchObject({ code: 'invalid', status: 422 });
});

it('[AL-14] calls success and resolves, with the record; calls error and rejects, with what the server said', async () => {
  const { server, post } = await posts();
  const heard: unknown[] = [];
  const options = {
    success: (_model: unknown, attrs: object) => heard.push(['success', attrs]),
    error: (_model: unknown, request: { responseJSON: { message: string } }) =>
      heard.push(['error', request.responseJSON.message]),
  };
  const saved = promised(post(1).save({ title: 'Three' }, options));
  const first = await server.next();
  first.say(first.event, { success: true, id: 1, title: 'THREE' });
  expect(await saved).toEqual({ id: 1, title: 'THREE' });
  const failed = promised(post(1).save({ title: 'Four' }, options)).catch((error) => error.message);
  const second = await server.next();
  second.say(second.event, { success: false, message: 'Not today' });
  expect(await failed).toBe('Not today');
  expect(heard).toEqual([
    ['success', { id: 1, title: 'THREE' }],
    ['error', 'Not today'],
  ]);
});

it('[AL-19] lets one listener hear every event with its name, answers and all', async () => {
  const server = new EventsServer();
  const { medulla, collection } = await ground(server, EVENTS);
  const heard: unknown[] = [];
  medulla.on('message', (type: string, content: unknown) => heard.push([type, content]));
  await promised(collection('/api/posts').fetch());
  server.say('news', { text: 'Hello' });
  await until(() => heard.length === 2);
  expect(heard).toEqual([
    ['api:posts:read', { success: true, data: [] }],
    ['news', { text: 'Hello' }],
  ]);
});
