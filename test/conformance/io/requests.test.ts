import type Backbone from 'backbone';
import { describe, expect, it } from 'vitest';
import { Refusal } from '../../../src/server/resource/refusal.ts';
import { type ConnectRequest, connectStyle } from '../../../src/server.ts';
import { openBackend, type Page, write } from './open-backend.ts';

/** A backend that remembers what it is asked. */
async function asked() {
  const requests: ConnectRequest[] = [];
  const page = await openBackend((backend) =>
    backend.use(
      connectStyle((request, _response, next) => {
        requests.push({ ...request, model: structuredClone(request.model) });
        next();
      }),
    ),
  );
  return { page, requests };
}

describe('a request', () => {
  it('[IO-22] has method, model, options, backend, socket and channel', async () => {
    const { page, requests } = await asked();
    const model = await write(page, { id: 7, title: 'a' });
    model.save({ title: 'b' }, { loud: true } as object);
    await page.world.settle();
    expect(requests[1]).toMatchObject({
      method: 'update',
      model: { id: 7, title: 'b' },
      options: { loud: true },
      backend: 'messages',
      channel: undefined,
      topic: '/messages',
      user: '',
      socket: { id: expect.any(String), handshake: { headers: {} } },
    });
    const { backbone, world } = page;
    const General = backbone.Collection.extend({ url: '/messages/general' });
    new General().create({ title: 'c' });
    await world.settle();
    expect(requests[2]).toMatchObject({ method: 'create', backend: 'messages', channel: 'general' });
    expect(await world.server.rows('/messages/general')).toMatchObject([{ title: 'c' }]);
  });

  it('[IO-22] is the same one in all layers', async () => {
    let found: unknown;
    const page = await openBackend((backend) =>
      backend
        .use(
          connectStyle((request, _response, next) => {
            request.tenant = 'north';
            next();
          }),
        )
        .use(
          connectStyle((request, _response, next) => {
            found = request.tenant;
            next();
          }),
        ),
    );
    await write(page, { title: 'a' });
    expect(found).toBe('north');
  });

  it('[IO-06] has every option of the call but success, error and collection, and the data of a fetch', async () => {
    const { page, requests } = await asked();
    const messages = new page.Messages();
    const options = { mine: { deep: [1] }, success: () => undefined, error: () => undefined };
    messages.create({ title: 'a' }, options);
    messages.fetch({ data: { title: 'a' }, mine: 2 } as object);
    await page.world.settle();
    const [create, read] = requests;
    expect(create?.options).toMatchObject({ mine: { deep: [1] } });
    for (const name of ['success', 'error', 'collection']) expect(create?.options).not.toHaveProperty(name);
    expect(read?.options).toMatchObject({ mine: 2, data: { title: 'a' } });
  });

  it('[IO-07] [IO-23] tells the page of an error by name, message and own properties, without the stack', async () => {
    class NotAllowed extends Error {
      override readonly name = 'NotAllowed';
      readonly level = 3;
      override readonly stack = 'one that is enumerated';
    }
    const page = await openBackend((backend) =>
      backend.use(connectStyle((_request, _response, next) => next(new NotAllowed('Not you')))),
    );
    const model = new (page.Message as new (attrs: object) => Backbone.Model)({ title: 'a' });
    const errors: unknown[] = [];
    const request = model.save(null, {
      success: () => errors.push('success'),
      error: (_model: unknown, { responseJSON }: { responseJSON: unknown }) => errors.push(responseJSON),
    });
    await page.world.settle();
    const told = { code: 'forbidden', message: 'Not you', details: { name: 'NotAllowed', level: 3 } };
    expect(errors).toEqual([told]);
    await expect(request).rejects.toMatchObject({ responseJSON: told });
  });

  it('[IO-23] tells the stack with debug only', async () => {
    const page = await openBackend((backend) =>
      backend.use(connectStyle((_request, _response, next) => next(new Error('Not you')), { debug: true })),
    );
    const error = await write(page, { title: 'a' }).catch((why) => why);
    expect(error.responseJSON.details).toEqual({ name: 'Error', stack: expect.stringContaining('Not you') });
  });

  it.each([
    [{ status: 404 }, 'gone'],
    [{ status: 409 }, 'conflict'],
    [{ statusCode: 422 }, 'invalid'],
    [{ status: 401 }, 'forbidden'],
    [{ code: 'invalid' }, 'invalid'],
  ])('[IO-23] tells an error with %j as %s', async (own, code) => {
    const page = await openBackend((backend) =>
      backend.use(connectStyle((_request, response) => response.error(Object.assign(new Error('No'), own)))),
    );
    const error = await write(page, { title: 'a' }).catch((why) => why);
    expect(error.code).toBe(code);
  });

  it('[IO-23] tries again what is the server’s own fault, and refuses nothing for it', async () => {
    let calls = 0;
    const page = await openBackend((backend) =>
      backend.use(
        connectStyle((request, _response, next) => {
          calls += 1;
          if (calls === 1) (request.model as { nobody: { knows: string } }).nobody.knows.trim();
          if (calls === 2) next(Object.assign(new Error('refused'), { errno: -111, code: 'ECONNREFUSED' }));
          else next();
        }),
      ),
    );
    const model = new (page.Message as new (attrs: object) => Backbone.Model)({ title: 'a' });
    model.save();
    await page.world.clock.turn(60_000);
    expect([calls, await page.world.server.rows('/messages')]).toMatchObject([3, [{ title: 'a' }]]);
  });
});

describe('a method of the application’s own', () => {
  const methods = ['archive'];
  const send = (page: Page, content: unknown, method = 'archive', topic = '/messages') =>
    page.world.medulla.send(content, { topic, method, record: 7, options: { year: 2020 } });
  const outcome = async (page: Page, answer: Promise<unknown>) => {
    answer.catch(() => undefined);
    await page.world.settle();
    return answer.catch(({ code, message, details }) => ({ code, message, details }));
  };

  it('[IO-18] goes through the middleware that names it, and is answered', async () => {
    const requests: unknown[] = [];
    const page = await openBackend(
      (backend) =>
        backend
          .use(
            'archive',
            connectStyle((request, response) => {
              requests.push([request.method, request.model, request.options]);
              response.end({ archived: true });
            }),
          )
          .use(
            'create',
            connectStyle(() => requests.push('not this')),
          ),
      { methods },
    );
    expect(await outcome(page, send(page, { id: 7 }))).toEqual({ archived: true });
    expect(requests).toEqual([['archive', { id: 7 }, { year: 2020 }]]);
  });

  it('[IO-18] [IO-20] answers with what came where nobody says anything', async () => {
    const page = await openBackend(
      (backend) =>
        backend.use(
          connectStyle((request, _response, next) => {
            (request.model as { seen?: true }).seen = true;
            next();
          }),
        ),
      { methods },
    );
    expect(await outcome(page, send(page, { id: 7 }))).toEqual({ id: 7, seen: true });
  });

  it('[IO-18] works in Koa’s way too: ctx.content, ctx.current, ctx.answer', async () => {
    const page = await openBackend(
      (backend) =>
        backend.use('archive', async (ctx, next) => {
          ctx.answer = [ctx.record, ctx.current, ctx.content];
          await next();
        }),
      { methods },
    );
    await page.backend.publish({ record: 7, set: { title: 'a' } });
    expect(await outcome(page, send(page, 'why'))).toEqual([7, { title: 'a' }, 'why']);
  });

  it('[IO-18] is refused as a write is: closed resources, authorize, a Refusal', async () => {
    const page = await openBackend(
      (backend) =>
        backend.use('archive', () => {
          throw new Refusal('Too late', { code: 'invalid', details: { until: 9 } });
        }),
      { methods },
    );
    expect(await outcome(page, send(page, {}))).toEqual({
      code: 'invalid',
      message: 'Too late',
      details: { until: 9 },
    });
    const shut = await openBackend(() => undefined, { methods, public: false });
    expect(await outcome(shut, send(shut, {}))).toMatchObject({ code: 'forbidden' });
  });

  it('[IO-18] is one that the resource names: any other is a clear error, here and there', async () => {
    const page = await openBackend(() => undefined, { methods });
    expect(await outcome(page, send(page, {}, 'shred'))).toMatchObject({
      code: 'unknown-resource',
      message: '/messages has no method shred: name it in its methods.',
    });
    expect(await outcome(page, send(page, {}, 'create'))).toMatchObject({ code: 'unknown-resource' });
    expect(await outcome(page, send(page, {}, 'archive', '/nowhere'))).toMatchObject({
      code: 'unknown-resource',
    });
    expect(() =>
      page.backend.use(
        'shred',
        connectStyle(() => undefined),
      ),
    ).toThrow(/named in the resource's methods/);
    expect(() => page.world.server.resource('/x', { methods: ['create'] })).toThrow(
      expect.objectContaining({ code: 'bad-option' }),
    );
  });
});
