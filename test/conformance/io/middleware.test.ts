import type Backbone from 'backbone';
import { describe, expect, it } from 'vitest';
import { type ConnectErrorHandler, type ConnectHandler, connectStyle } from '../../../src/server.ts';
import { codeOf, openBackend, type Page, write } from './open-backend.ts';

const open = (...layers: ReturnType<typeof connectStyle>[]): Promise<Page> =>
  openBackend((backend) => {
    for (const layer of layers) backend.use(layer);
  });

const on = (fn: ConnectHandler) => connectStyle(fn);
const onError = (fn: ConnectErrorHandler) => connectStyle(fn);

const rows = ({ world }: Page) => world.server.rows('/messages');

describe('the order of middleware', () => {
  it('[IO-17] is that of use, for all methods or some, by name too, in a chain', async () => {
    const calls: string[] = [];
    const layer = (name: string) =>
      connectStyle((request, _response, next) => {
        calls.push(`${name} ${request.method}`);
        next();
      });
    const page = await openBackend((backend) =>
      backend
        .use(layer('all'))
        .use('create', 'update', layer('some'))
        .create(layer('create'))
        .update(layer('update'))
        .patch(layer('patch'))
        .delete(layer('delete'))
        .read(layer('read')),
    );
    const model = await write(page, { title: 'a' });
    calls.push('|');
    model.save({ title: 'b' });
    await page.world.settle();
    calls.push('|');
    model.save({ title: 'c' }, { patch: true });
    await page.world.settle();
    calls.push('|');
    model.destroy();
    await page.world.settle();
    const told = calls.join(', ').split(', |, ');
    expect(told).toEqual([
      'all create, some create, create create',
      'all update, some update, update update',
      'all patch, patch patch',
      'all delete, delete delete',
    ]);
    calls.length = 0;
    await page.read();
    expect(calls).toEqual(['all read', 'read read']);
  });

  it('[IO-19] goes on with next(error) at the next that takes one, and is whole again with its next()', async () => {
    const calls: string[] = [];
    const page = await open(
      on((_request, _response, next) => next(new Error('first'))),
      on(() => calls.push('passed over')),
      onError((error, _request, _response, next) => {
        calls.push(`took ${(error as Error).message}`);
        next(new Error('second'));
      }),
      onError((error, _request, _response, next) => {
        calls.push(`took ${(error as Error).message}`);
        next();
      }),
      on((_request, _response, next) => {
        calls.push('on');
        next();
      }),
      onError((_error, _request, _response, next) => {
        calls.push('nothing to take');
        next();
      }),
    );
    await write(page, { id: 1, title: 'a' });
    expect(calls).toEqual(['took first', 'took second', 'on']);
    expect(await rows(page)).toEqual([{ id: 1, title: 'a' }]);
  });

  it.each<[string, ConnectHandler]>([
    [
      'a throw',
      () => {
        throw new Error('No');
      },
    ],
    ['a rejection', () => Promise.reject(new Error('No'))],
    ['next(error)', (_request, _response, next) => next(new Error('No'))],
  ])('[IO-19] takes %s for the same', async (_what, layer) => {
    const taken: unknown[] = [];
    const page = await open(
      on(layer),
      onError((error, _request, _response, next) => {
        taken.push(error);
        next(error);
      }),
    );
    expect(await codeOf(write(page, { title: 'a' }))).toBe('forbidden');
    expect(taken).toEqual([expect.objectContaining({ message: 'No' })]);
    expect(await rows(page)).toEqual([]);
  });

  it('[IO-19] stands among middleware of the other kind, which is passed over with an error as well', async () => {
    const calls: string[] = [];
    const page = await openBackend((backend) =>
      backend
        .use(async (_ctx, next) => {
          calls.push('in');
          await next().catch((error: Error) => {
            calls.push(`out ${error.name}`);
            throw error;
          });
        })
        .use(connectStyle((_request, _response, next) => next(new Error('No'))))
        .use(async (_ctx, next) => {
          calls.push('passed over');
          await next();
        }),
    );
    expect(await codeOf(write(page, { title: 'a' }))).toBe('forbidden');
    expect(calls).toEqual(['in', 'out Refusal']);
  });
});

describe('the answer', () => {
  it('[IO-20] is the model as it is by then where nobody gives one', async () => {
    const page = await open(
      on((request, _response, next) => {
        const model = request.model as { title: string; seen?: boolean; secret?: string };
        model.title = model.title.toUpperCase();
        model.seen = true;
        delete model.secret;
        next();
      }),
    );
    const model = await write(page, { id: 1, title: 'a', secret: 'x' });
    expect(model.attributes).toEqual({ id: 1, title: 'A', seen: true });
    expect(await rows(page)).toEqual([{ id: 1, title: 'A', seen: true }]);
  });

  it('[IO-20] is what a layer ends with, laid on what came, and nobody else is asked', async () => {
    const calls: string[] = [];
    const page = await open(
      on((_request, response) => response.end({ rank: 7 })),
      on(() => calls.push('passed over')),
    );
    const model = await write(page, { id: 1, title: 'a' });
    expect(model.attributes).toEqual({ id: 1, title: 'a', rank: 7 });
    expect(calls).toEqual([]);
  });

  it('[IO-20] names a new record that its author left to the server', async () => {
    let last = 40;
    const page = await open(
      on((request, response) => {
        const model = request.model as { id?: number };
        if (request.method === 'create') model.id = ++last;
        response.end(model);
      }),
    );
    const model = await write(page, { title: 'a' }, { ids: 'server' });
    expect(model.id).toBe(41);
    expect(await rows(page)).toEqual([{ id: 41, title: 'a' }]);
  });

  it('[IO-20] to a read is what a layer ends with, in the store’s place', async () => {
    const page = await open(
      on((request, response, next) => {
        if (request.method !== 'read') next();
        else if ((request.model as { id?: number }).id) response.end({ id: 9, title: 'one' });
        else response.end([{ id: 1, title: 'a' }, { id: 2 }]);
      }),
    );
    expect(await page.read()).toEqual([{ id: 1, title: 'a' }, { id: 2 }]);
    const model = new (page.Message as new (attrs: object) => Backbone.Model)({ id: 9 });
    model.fetch();
    await page.world.settle();
    expect(model.get('title')).toBe('one');
  });

  it('[IO-21] is the first one only', async () => {
    const page = await open(
      on((_request, response, next) => {
        response.end({ rank: 1 });
        response.end({ rank: 2 });
        response.error(new Error('No'));
        next(new Error('No'));
        next();
      }),
    );
    const model = await write(page, { id: 1, title: 'a' });
    expect(model.get('rank')).toBe(1);
    expect(await rows(page)).toEqual([{ id: 1, title: 'a', rank: 1 }]);
  });

  it('[IO-21] stands where it is an error: no other layer is asked', async () => {
    const taken: unknown[] = [];
    const page = await open(
      on((_request, response) => {
        response.error(new Error('No'));
        response.end({});
      }),
      onError((error, _request, _response, _next) => taken.push(error)),
    );
    expect(await codeOf(write(page, { title: 'a' }))).toBe('forbidden');
    expect([taken, await rows(page)]).toEqual([[], []]);
  });
});
