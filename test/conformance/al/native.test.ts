import type Backbone from 'backbone';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type TestWorld, testMedulla } from '../../../src/testing.ts';
import { freshBackbone } from '../../support/fresh-backbone.ts';
import { jqueries } from '../support/jquery.ts';

let backbone: typeof Backbone;
let world: TestWorld<typeof Backbone>;
let posts: Backbone.Collection;
/** What the server got, in order. */
let asked: unknown[];
/** Calls of stock sync. */
let stock: unknown[][];

beforeEach(async () => {
  backbone = freshBackbone();
  stock = [];
  const sync = (...call: unknown[]) => stock.push(call);
  backbone.sync = sync as unknown as typeof backbone.sync;
  world = begin('/api/posts');
  asked = [];
  world.server.use(async ({ method, topic, record, set }, next) => {
    asked.push([method, topic, record, set]);
    await next();
  });
  posts = new (backbone.Collection.extend({ url: '/api/posts' }))();
  await posts.fetch();
  asked.length = 0;
});

afterEach(() => world.close());

const begin = (...topics: string[]) =>
  testMedulla(backbone, {
    resources: Object.fromEntries(topics.map((topic) => [topic, { public: true }])),
    records: Object.fromEntries(topics.map((topic) => [topic, [{ id: 21, title: 'One' }]])),
    report: () => undefined,
  });
const sync = (...call: unknown[]) => (backbone.sync as (...call: unknown[]) => Promise<unknown>)(...call);
const post = () => posts.get(21) as Backbone.Model;

it('[AL-02] keeps the stock sync as Backbone.ajaxSync, with the same arguments', () => {
  const { ajaxSync } = backbone as unknown as { ajaxSync(...call: unknown[]): unknown };
  const options = { data: 1 };
  ajaxSync('read', posts, options);
  expect(stock).toEqual([['read', posts, options]]);
  expect(stock[0]?.[2]).toBe(options);
});

it('[AL-03] lets a class opt out with `sync: Backbone.ajaxSync`', async () => {
  const { ajaxSync } = backbone as unknown as { ajaxSync: typeof backbone.sync };
  const Plain = backbone.Model.extend({ urlRoot: '/api/posts', sync: ajaxSync });
  new Plain().save({ title: 'By ajax' });
  await world.settle();
  expect([stock.length, asked]).toEqual([1, []]);
});

it("[AL-04] replaces Backbone.sync, leaves the caller's own options alone, and needs none", async () => {
  await sync('read', posts);
  await sync('update', post(), undefined);
  expect(stock).toEqual([]);
  const options = { url: '/api/posts/21', attrs: { id: 21, title: 'Two' }, timeout: 9_000 };
  const saving = sync('update', post(), options);
  expect(options).toMatchObject({ url: '/api/posts/21', attrs: { id: 21, title: 'Two' }, timeout: 9_000 });
  await saving;
  post().save({ title: 'Three' }, Object.freeze({ patch: true }));
  await world.settle();
  expect(asked.at(-1)).toEqual(['patch', '/api/posts', 21, { title: 'Three' }]);
});

it.each<[string, object, object]>([
  ['a text on the model', { url: '/api/posts/21' }, {}],
  ['a function on the model', { url: () => '/api/posts/21' }, {}],
  ['a text in the options, before it', { url: '/nowhere' }, { url: '/api/posts/21' }],
])('[AL-05] takes the url from %s', async (_, own, options) => {
  const model = new (backbone.Model.extend(own))({ id: 21 });
  await (model.fetch(options) as unknown as Promise<unknown>);
  expect(model.get('title')).toBe('One');
});

it('[AL-05] takes a function in the options for what it gives', async () => {
  const model = new (backbone.Model.extend({ url: '/nowhere' }))({ id: 21 });
  await sync('read', model, { url: () => '/api/posts/21', success: (attrs: object) => model.set(attrs) });
  expect(model.get('title')).toBe('One');
});

it("[AL-06] throws Backbone's own error there and then where there is no url", () => {
  expect(() => new backbone.Model().save({ a: 1 })).toThrow('A "url" property or function must be specified');
  expect(() => sync('read', new backbone.Collection(), {})).toThrow('A "url" property or function');
});

it.each<[string, object, object]>([
  [
    'options.data',
    { data: { id: 21, title: 'From data' }, attrs: { id: 21, title: 'no' } },
    { title: 'From data' },
  ],
  ['options.data as a text', { data: '{"title":"From text"}' }, { title: 'From text' }],
  ['options.attrs', { attrs: { title: 'From attrs' } }, { title: 'From attrs' }],
  ['toJSON(options)', { tone: 'loud' }, { title: 'ONE' }],
])('[AL-09] sends %s, as it is at the call', async (_, options, set) => {
  const model = post();
  model.toJSON = ({ tone }: { tone?: string } = {}) => ({ id: 21, title: tone === 'loud' ? 'ONE' : 'One' });
  const saving = sync('update', model, options);
  model.set({ title: 'Later' });
  await saving;
  await world.settle();
  expect(asked).toEqual([['update', '/api/posts', 21, set]]);
});

it('[AL-10] gives a patch without an id in its data the id of its model', async () => {
  post().save({ title: 'Two' }, { patch: true });
  await world.settle();
  expect(asked).toEqual([['patch', '/api/posts', 21, { title: 'Two' }]]);
});

it('[AL-11] goes over another bridge where the call or the model names one', async () => {
  const { medulla } = world.tab(backbone, { user: 'bob' });
  const users: string[] = [];
  world.server.use('create', async ({ user }, next) => {
    users.push(user);
    await next();
  });
  const Post = backbone.Model.extend({ urlRoot: '/api/posts' });
  const ways = [new Post().save({ n: 1 }), new Post().save({ n: 2 }, { medulla } as never)];
  await Promise.all([...ways, new (Post.extend({ medulla }))().save({ n: 3 })]);
  expect(users.sort()).toEqual(['', 'bob', 'bob']);
});

it('[AL-14] calls success and resolves with the answer, or error and rejects', async () => {
  const heard: unknown[] = [];
  const options = {
    success: (attrs: object) => heard.push(['success', attrs]),
    error: (request: { responseJSON: { message: string } }) =>
      heard.push(['error', request.responseJSON.message]),
  };
  const attrs = { id: 21, title: 'Two' };
  expect(await sync('update', post(), { attrs, ...options })).toEqual(attrs);
  world.server.refuse(() => 'Not today');
  await expect(sync('update', post(), { attrs: { title: 'Three' }, ...options })).rejects.toThrow(
    'Not today',
  );
  expect(heard).toEqual([
    ['success', attrs],
    ['error', 'Not today'],
  ]);
});

it("[AL-16] triggers 'request' on the model with the model, the promise and the options", () => {
  const heard: unknown[][] = [];
  const model = post();
  model.on('request', (...args) => heard.push(args));
  const options = { attrs: { title: 'Two' } };
  const request = sync('update', model, options);
  expect(heard).toEqual([[model, request, options]]);
});

it.each(jqueries().map((one, i) => [3 + i, one] as const))(
  '[AL-17] returns what can be waited for with .done, and with $.when of jQuery %i',
  async (_, $) => {
    const heard: unknown[] = [];
    const request = post().save({ title: 'Two' }) as unknown as {
      done(fn: (attrs: object) => void): unknown;
    };
    request.done((attrs) => heard.push(attrs));
    const both = new Promise((resolve) => $.when(request, posts.fetch()).done(resolve));
    await world.settle();
    const [attrs] = (await both) as unknown[];
    expect([attrs, heard]).toEqual([{ id: 21, title: 'Two' }, [{ id: 21, title: 'Two' }]]);
    world.server.refuse(() => 'Not today');
    // The request is a promise itself: it is not to be waited for.
    const failed = new Promise((resolve) =>
      $.when(post().save({ title: 'Three' })).fail((...args) => resolve(args)),
    );
    await world.settle();
    const [given] = (await failed) as unknown[];
    expect(given).toMatchObject({ status: 403, responseJSON: { message: 'Not today' } });
  },
);
