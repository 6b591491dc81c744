import { describe, expect, it } from 'vitest';
import type { Json } from '../../src/base/json.ts';
import type { Topic } from '../../src/protocol/ids.ts';
import { FakePeer, sent } from './support/fake-peer.ts';
import { testCore } from './support/test-core.ts';

const update = { method: 'update', base: 'previous' } as const;

describe('permission', () => {
  it('[SV5] is nobody’s where a resource is neither public nor has an authorize function', async () => {
    const { core } = testCore();
    core.resource('/tasks');
    const peer = await FakePeer.connect(core);
    const sentence = '/tasks is closed: give its resource an authorize function, or say public: true.';
    expect(await peer.push(sent('a:1'))).toMatchObject([{ type: 'forbidden', message: sentence }]);
    expect(await peer.follow()).toEqual({
      type: 'denied',
      topic: '/tasks',
      code: 'forbidden',
      message: sentence,
    });
    expect(await peer.ask('read', { topic: '/tasks' })).toEqual({
      refused: { code: 'forbidden', message: sentence },
    });
  });

  it('[SV5] is asked for each action, with who, where and what', async () => {
    const { core } = testCore();
    const seen: unknown[] = [];
    core.resource('/projects/:project/tasks', {
      authorize(ctx) {
        seen.push([ctx.method, ctx.user, ctx.params.project, ctx.record, ctx.session.device]);
        return ctx.method !== 'delete';
      },
    });
    const ann = await FakePeer.connect(core, 'ann');
    const topic = '/projects/a%20b/tasks';
    const own = { user: 'ann', topic };
    await ann.push(sent('a:1', own), sent('a:2', { ...own, method: 'delete' }));
    await ann.follow(topic);
    await ann.record('x', topic);
    expect(seen).toEqual([
      ['create', 'ann', 'a b', 'x', 'test'],
      ['delete', 'ann', 'a b', 'x', 'test'],
      // Once more: what was foreseen is no ground for a refusal.
      ['delete', 'ann', 'a b', 'x', 'test'],
      ['read', 'ann', 'a b', null, 'test'],
      ['read', 'ann', 'a b', 'x', 'test'],
    ]);
  });

  it('[SV5] is given by true alone, and a public resource with an authorize function is not public', async () => {
    const { core } = testCore();
    let answer: unknown;
    core.resource('/tasks', { public: true, authorize: () => answer as boolean });
    const peer = await FakePeer.connect(core);
    for (answer of [undefined, false, null, 0, 'yes', {}]) expect((await peer.follow()).type).toBe('denied');
    answer = true;
    expect((await peer.follow()).type).toBe('snapshot');
  });

  it('[SV5] may depend on the record that is read', async () => {
    const { core } = testCore();
    const notes = core.resource('/notes', { authorize: (ctx) => ctx.current?.owner === ctx.user });
    await notes.publish({ record: 1, set: { owner: 'ann' } });
    const [ann, bob] = [await FakePeer.connect(core, 'ann'), await FakePeer.connect(core, 'bob')];
    expect(await ann.record(1, '/notes')).toEqual({ owner: 'ann' });
    expect(await bob.ask('read', { topic: '/notes', record: 1 })).toMatchObject({
      refused: { code: 'forbidden' },
    });
  });

  it('[SV5] says which resource is missing where none answers', async () => {
    const { core } = testCore();
    const peer = await FakePeer.connect(core);
    const sentence = (verb: string) =>
      `No resource answers ${verb} /foo: add one, or leave it out of routes.`;
    const topic = '/foo';
    expect(await peer.push(sent('a:1', { topic }), sent('a:2', { topic, method: 'delete' }))).toMatchObject([
      { type: 'invalid', code: 'unknown-resource', message: sentence('POST') },
      { type: 'invalid', code: 'unknown-resource', message: sentence('DELETE') },
    ]);
    expect(await peer.follow('/foo')).toMatchObject({
      type: 'denied',
      code: 'unknown-resource',
      message: sentence('GET'),
    });
    expect(await peer.ask('read', { topic })).toMatchObject({ refused: { code: 'unknown-resource' } });
  });

  it('[SV6] asks a read to come again where the application fails', async () => {
    const { core } = testCore();
    core.resource('/tasks', { authorize: () => Promise.reject(new Error('no database')) });
    const peer = await FakePeer.connect(core);
    const refused = { refused: { code: 'retry', after: 1_000 } };
    expect(await peer.ask('read', { topic: '/tasks' })).toMatchObject(refused);
    expect(
      await peer.ask('follow', { topics: [{ topic: '/tasks', cursor: null, live: true }] }),
    ).toMatchObject(refused);
  });
});

describe('middleware', () => {
  it('[SV7] runs in the order of its use, the server’s first, each for its actions, around what follows', async () => {
    const { core } = testCore();
    const order: string[] = [];
    const say = (name: string) => async (_: unknown, next: () => Promise<void>) => {
      order.push(name);
      await next();
      order.push(`${name} back`);
    };
    core
      .resource('/tasks', { authorize: () => Boolean(order.push('authorize')) })
      .use(say('all'))
      .create(say('create'));
    core.resources
      .match('/tasks' as Topic)
      ?.resource.use('update', 'patch', say('change'))
      .read(say('read'));
    core.common.use(say('server'));
    const peer = await FakePeer.connect(core);
    await peer.push(sent('a:1'));
    expect(order.splice(0)).toEqual([
      ...['server', 'all', 'create', 'authorize', 'create back', 'all back', 'server back'],
    ]);
    await peer.push(sent('a:2', { ...update, method: 'patch' }));
    expect(order.splice(0, 4)).toEqual(['server', 'all', 'change', 'authorize']);
    order.length = 0;
    await peer.ask('read', { topic: '/tasks' });
    expect(order.splice(0, 4)).toEqual(['server', 'all', 'read', 'authorize']);
  });

  it('[SV7] may change what is written, and the author is told how the effect differs', async () => {
    const { core } = testCore();
    core.resource('/tasks', { public: true }).use('create', 'update', async (ctx, next) => {
      ctx.set.by = ctx.user;
      delete ctx.set.admin;
      if (Array.isArray(ctx.set.tags)) (ctx.set.tags as Json[]).push('new');
      ctx.unset.push('draft');
      await next();
    });
    const ann = await FakePeer.connect(core, 'ann');
    const [created] = await ann.push(sent('a:1', { user: 'ann', set: { n: 1, admin: true, tags: ['a'] } }));
    expect(created).toEqual({
      type: 'applied',
      ids: ['a:1'],
      offset: 1,
      set: { by: 'ann', tags: ['a', 'new'] },
      unset: ['admin'],
    });
    expect(await ann.record('x')).toEqual({ n: 1, by: 'ann', tags: ['a', 'new'] });
    const [same] = await ann.push(
      sent('a:2', { ...update, user: 'ann', set: { by: 'ann' }, unset: ['draft'] }),
    );
    expect(same).toEqual({ type: 'applied', ids: ['a:2'], offset: 2 });
  });

  it('[SV7] that neither lets a write through nor refuses it has it tried again: it must not pass unjudged', async () => {
    const { core } = testCore();
    let mistake: 'forget' | 'twice' | 'swallow' = 'forget';
    core.resource('/tasks', { authorize: () => false }).use(async (_, next) => {
      if (mistake === 'twice') await Promise.all([next(), next()]);
      if (mistake === 'swallow') await next().catch(() => undefined);
    });
    const peer = await FakePeer.connect(core);
    expect(await peer.types(sent('a:1'))).toEqual(['retry']);
    mistake = 'swallow';
    expect(await peer.types(sent('a:1'))).toEqual(['retry']);
    mistake = 'twice';
    expect(await peer.types(sent('a:1'))).not.toContain('applied');
  });

  it('[SV7] cannot put into a record what is no JSON', async () => {
    const { core } = testCore();
    core.resource('/tasks', { public: true }).use((ctx, next) => {
      Object.defineProperty(ctx.set, 'constructor', { value: 1, enumerable: true });
      return next();
    });
    const peer = await FakePeer.connect(core);
    expect(await peer.types(sent('a:1'))).toEqual(['retry']);
  });

  it('[SV7] must be a function, for actions that there are', () => {
    const { core } = testCore();
    const tasks = core.resource('/tasks');
    expect(() => tasks.use('create')).toThrow('a function, as its last argument: found "create"');
    expect(() => tasks.use('destroy' as 'delete', () => undefined)).toThrow('there is read, create');
  });
});
