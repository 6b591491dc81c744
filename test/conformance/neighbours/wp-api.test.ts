import type Backbone from 'backbone';
import { expect, it } from 'vitest';
import { until } from '../../support/until.ts';
import { restWorld } from '../dialects/rest-world.ts';

interface WpRequest {
  setRequestHeader(name: string, value: string): void;
  getResponseHeader(name: string): string | null;
}
interface WpOptions {
  data?: { page?: number };
  beforeSend?(this: unknown, request: WpRequest, ...rest: unknown[]): unknown;
  success?(data: unknown, textStatus: string, request?: WpRequest): unknown;
  complete?(request: WpRequest): void;
}

/** The classes of WordPress's own client for its REST API, as far as they are about `sync`: with a `sync` of their own that calls Backbone's. */
function wp(backbone: typeof Backbone) {
  const endpointModel = new backbone.Model({ nonce: 'nonce-1' });
  const nonce = () => endpointModel.get('nonce') as string;

  function signed(options: WpOptions): void {
    const { beforeSend } = options;
    options.beforeSend = function (request, ...rest) {
      request.setRequestHeader('X-WP-Nonce', nonce());
      return beforeSend?.apply(this, [request, ...rest]);
    };
    options.complete = (request) => {
      const returned = request.getResponseHeader('X-WP-Nonce');
      if (returned && nonce() !== returned) endpointModel.set('nonce', returned);
    };
  }

  const Post = backbone.Model.extend({
    urlRoot: '/posts',
    requireForceForDelete: true,
    sync(
      this: Backbone.Model & { requireForceForDelete: boolean },
      method: string,
      model: Backbone.Model,
      options: WpOptions = {},
    ) {
      signed(options);
      if (this.requireForceForDelete && method === 'delete')
        model.url = `${(model.url as () => string)()}?force=true` as never;
      return backbone.sync(method as 'read', model, options as object);
    },
  });
  const Posts = backbone.Collection.extend({
    url: '/posts',
    model: Post,
    state: { currentPage: null, totalPages: null, totalObjects: null },
    sync(
      this: Backbone.Collection & { state: Record<string, unknown> },
      method: string,
      collection: Backbone.Collection,
      options: WpOptions = {},
    ) {
      signed(options);
      if (method === 'read') {
        options.data ??= {};
        this.state = { ...this.state, currentPage: options.data.page ? options.data.page - 1 : null };
        const { success } = options;
        options.success = (data, textStatus, request) => {
          if (request) {
            this.state.totalPages = Number.parseInt(request.getResponseHeader('x-wp-totalpages') ?? '', 10);
            this.state.totalObjects = Number.parseInt(request.getResponseHeader('x-wp-total') ?? '', 10);
          }
          return success?.call(this, data, textStatus, request);
        };
      }
      return backbone.sync(method as 'read', collection as never, options as object);
    },
    more(this: Backbone.Collection & { state: { currentPage: number | null } }) {
      return this.fetch({ data: { page: (this.state.currentPage ?? 0) + 2 }, remove: false });
    },
  });
  return { Post, Posts, nonce, endpointModel };
}

/** A WordPress: a nonce with each request, totals and a fresh nonce with each answer, `force` to delete for good. */
async function wordPress() {
  const rest = await restWorld({
    csrf: 'X-WP-Nonce',
    unauthorized: [401, 'rest_cookie_invalid_nonce'],
  });
  const { server } = rest;
  server.before = ({ headers, method, url }, response) => {
    const number = Number(/^nonce-(\d+)$/.exec(String(headers['x-wp-nonce']))?.[1]);
    const say = (status: number, code: string) => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ code, message: `It says ${code}`, data: { status } }));
      return true;
    };
    if (method === 'HEAD') return false;
    if (!number) return say(403, 'rest_cookie_invalid_nonce');
    if (method === 'DELETE' && !url.endsWith('?force=true')) return say(501, 'rest_trash_not_supported');
    response.setHeader('X-WP-Nonce', `nonce-${number + 1}`);
    response.setHeader('X-WP-Total', String(server.records('/posts').length));
    response.setHeader('X-WP-TotalPages', '3');
    return false;
  };
  return { ...rest, ...wp(rest.tab.backbone) };
}

it('[NB-05] wp-api: a collection with its own sync reads pages, their totals and a fresh nonce', async () => {
  const { server, Posts, nonce } = await wordPress();
  server.put('/posts', { id: 1, title: 'A' });
  server.put('/posts', { id: 2, title: 'B' });
  const posts = new Posts();
  const request = posts.fetch() as unknown as Promise<unknown> & {
    done(fn: (data: unknown) => void): unknown;
  };
  const done: unknown[] = [];
  request.done((data) => done.push(data));
  await request;
  expect(posts.pluck('title')).toEqual(['A', 'B']);
  expect(done).toEqual([
    [
      { id: 1, title: 'A' },
      { id: 2, title: 'B' },
    ].map((one) => expect.objectContaining(one)),
  ]);
  expect(posts.state).toEqual({ currentPage: null, totalPages: 3, totalObjects: 2 });
  expect(nonce()).toBe('nonce-2');
  await posts.more();
  expect(server.received.at(-1)).toMatchObject({
    url: '/posts?page=2',
    headers: { 'x-wp-nonce': 'nonce-2' },
  });
});

it('[NB-05] wp-api: a model is created, saved and deleted with a nonce and with force', async () => {
  const { server, Post, nonce, written } = await wordPress();
  const post = new Post();
  await (post.save({ title: 'A' }, { wait: true }) as unknown as Promise<unknown>);
  expect(post.toJSON()).toMatchObject({ id: 1, title: 'A', revision: 1 });
  await (post.save({ title: 'B' }, { wait: true }) as unknown as Promise<unknown>);
  expect(written()).toMatchObject({ method: 'PUT', url: '/posts/1' });
  expect(nonce()).toBe('nonce-3');
  await (post.destroy({ wait: true }) as unknown as Promise<unknown>);
  expect(written()).toMatchObject({ method: 'DELETE', url: '/posts/1?force=true' });
  expect(server.records('/posts')).toEqual([]);
});

it('[NB-05] wp-api: error says what WordPress says', async () => {
  const { server, Post } = await wordPress();
  server.refuse('Sorry, you are not allowed to edit this post.');
  const told: { status: number; responseJSON: { message: string } }[] = [];
  new Post().save({ title: 'A' }, {
    wait: true,
    error: (_model: unknown, request: never) => told.push(request),
  } as object);
  await until(() => told.length === 1);
  expect(told[0]?.status).toBe(422);
  expect(told[0]?.responseJSON.message).toContain('not allowed to edit');
});

it('[NB-05] wp-api: what waited for a server goes with the newest nonce, and not with its own', async () => {
  const { server, tab, Post, Posts, endpointModel, written } = await wordPress();
  await new Posts().fetch();
  endpointModel.set('nonce', 'nonce-1');
  await server.stop();
  new Post().save({ title: 'In a tunnel' });
  await until(() => tab.medulla.status.get('pending') === 1 && !tab.medulla.isOpen);
  await server.start();
  tab.medulla.open();
  await tab.medulla.flush();
  expect(server.records('/posts')).toMatchObject([{ title: 'In a tunnel' }]);
  expect(written().headers['x-wp-nonce']).toBe('nonce-2');
});
