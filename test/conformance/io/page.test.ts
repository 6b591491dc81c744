import type Backbone from 'backbone';
import { describe, expect, it } from 'vitest';
import { backendSurface } from '../../../src/client/surfaces/io/backend-surface.ts';
import { connectStyle } from '../../../src/server.ts';
import { eventsOf } from '../ws/open-ws.ts';
import { openPage } from './open-page.ts';

const MESSAGES = { backend: 'messages' };

/** What the method of the application's own says. */
const archived = (collection: Backbone.Collection, options: object): Promise<unknown> =>
  collection.sync('archive', collection as never, options) as unknown as Promise<unknown>;

describe('Backbone.io', () => {
  it('[IO-01] gives the same object each time, and is no other’s', async () => {
    const { backbone, medulla, io, world } = await openPage();
    const { connect } = (backbone as unknown as { io: typeof io }).io;
    expect([connect(), connect()]).toEqual([medulla, medulla]);
    const parts = { page: () => 'http://localhost/', report: () => undefined };
    expect(backendSurface(backbone, {}, { ...parts, medulla })).toBe(io);
    const another = world.tab(backbone, { user: 'ann' }).medulla;
    expect(() => backendSurface(backbone, {}, { ...parts, medulla: another })).toThrow(
      expect.objectContaining({ code: 'bad-option' }),
    );
  });

  it('[IO-02] takes a name, or a name and a channel, on a class, an instance, or as an option', async () => {
    const { collection, model, backbone, world } = await openPage();
    const Messages = collection(MESSAGES);
    new Messages().create({ n: 1 });
    new (collection({ backend: { name: 'messages', channel: 'a b' } }))().create({ n: 2 });
    new (collection({}))([], { backend: { name: 'messages', channel: 'c' } }).create({ n: 3 });
    new (model({}))({ n: 4 }, MESSAGES).save();
    const one = new backbone.Model({ n: 5 });
    Object.assign(one, { backend: 'messages' }).save();
    await world.settle();
    const numbers = async (topic: string) => (await world.server.rows(topic)).map(({ n }) => n).sort();
    expect(await numbers('/messages')).toEqual([1, 4, 5]);
    expect(await numbers('/messages/a%20b')).toEqual([2]);
    expect(await numbers('/messages/c')).toEqual([3]);
  });

  it('[IO-02] is honoured beside a url, and of a class in the language’s own way', async () => {
    const { backbone, world } = await openPage();
    class Messages extends backbone.Collection {
      backend = 'messages';
      override url = '/elsewhere';
    }
    new Messages().create({ n: 1 });
    await world.settle();
    expect(await world.server.rows('/messages')).toMatchObject([{ n: 1 }]);
  });

  it('[IO-03] is the model’s own, else its collection’s; without one it is the stock sync', async () => {
    const { collection, model, world, ajax } = await openPage();
    const Own = model({ backend: { name: 'messages', channel: 'own' } });
    const messages = new (collection({ ...MESSAGES, model: Own }))();
    messages.create({ n: 1 });
    new (collection(MESSAGES))().create({ n: 2 });
    new (model({ urlRoot: '/stock' }))({ id: 1 }).save();
    new (collection({ url: '/stocks' }))().fetch();
    await world.settle();
    expect(ajax).toEqual(['PUT /stock/1', 'GET /stocks']);
    expect(await world.server.rows('/messages/own')).toMatchObject([{ n: 1 }]);
    expect(await world.server.rows('/messages')).toMatchObject([{ n: 2 }]);
    expect(() => new (model({}))({}).save()).toThrow('A "url" property or function must be specified');
  });

  it('[IO-03] lets a call, or a class, have the stock sync all the same', async () => {
    const { model, ajax } = await openPage();
    const one = new (model({ ...MESSAGES, url: '/stock/1' }))({ id: 1 });
    one.fetch({ ajaxSync: true } as object);
    expect(ajax).toEqual(['GET /stock/1']);
  });
});

describe('its events', () => {
  /** A collection here that hears of what another browser does. */
  async function heard(options: Parameters<typeof openPage>[0] = {}, prefix = 'backend') {
    const page = await openPage(options);
    const messages = new (page.collection(MESSAGES))();
    messages.fetch();
    const names = [
      prefix,
      ...['create', 'read', 'update', 'delete', 'archive'].map((name) => `${prefix}:${name}`),
    ];
    const told = eventsOf(messages, ...names);
    const other = await page.other();
    const theirs = new (other.collection(MESSAGES))();
    return { ...page, messages, told, theirs };
  }

  it('[IO-08] tell of what others create, update and delete, first backend, then the one for the method', async () => {
    const { theirs, told, world } = await heard();
    const model = theirs.create({ title: 'a' }) as Backbone.Model;
    await world.settle();
    model.save({ title: 'b' });
    await world.settle();
    model.destroy();
    await world.settle();
    const [a, b] = ['a', 'b'].map((title) => ({ id: model.id, title }));
    expect(told).toEqual([
      ['backend', 'create', a],
      ['backend:create', a],
      ['backend', 'update', b],
      ['backend:update', b],
      ['backend', 'delete', b],
      ['backend:delete', b],
    ]);
  });

  it('[IO-24] tell nothing of one’s own', async () => {
    const { messages, told, world } = await heard();
    const model = messages.create({ title: 'a' }) as Backbone.Model;
    await world.settle();
    model.save({ title: 'b' });
    await world.settle();
    model.destroy();
    await world.settle();
    expect(told).toEqual([]);
  });

  it('[IO-10] have another name where that is wanted', async () => {
    const { theirs, told, world } = await heard({ event: 'live' }, 'live');
    theirs.create({ title: 'a' });
    await world.settle();
    expect(told.map(([name]) => name)).toEqual(['live', 'live:create']);
  });

  it('[IO-09] tell of a read where the server’s code says so', async () => {
    const { backend, told, world, theirs, messages } = await heard();
    backend.read(
      connectStyle((request, _response, next) => {
        if (request.options.tell) request.notify();
        next();
      }),
    );
    await backend.publish({ record: 1, set: { title: 'a' } });
    await world.settle();
    told.length = 0;
    theirs.fetch({ tell: true, data: { title: 'a' } } as object);
    await world.settle();
    expect(told).toEqual([
      ['backend', 'read', [{ id: 1, title: 'a' }]],
      ['backend:read', [{ id: 1, title: 'a' }]],
    ]);
    expect(messages.length).toBe(1);
  });

  it('[IO-18] tell of a method of the application’s own; sync does one, and has its answer', async () => {
    const { backend, told, world, theirs } = await heard();
    backend.use(
      'archive',
      connectStyle((request, response) => response.end({ archived: request.options.year })),
    );
    const answers: unknown[] = [];
    const requests = eventsOf(theirs, 'request');
    const success = (answer: unknown) => answers.push(answer);
    const request = archived(theirs, { year: 2020, success });
    await world.settle();
    expect([await request, answers, requests.length]).toEqual([{ archived: 2020 }, [{ archived: 2020 }], 1]);
    expect(told).toEqual([
      ['backend', 'archive', { archived: 2020 }],
      ['backend:archive', { archived: 2020 }],
    ]);
  });

  it('[IO-07] [IO-23] an answer that is an error is given to error, with its name and properties', async () => {
    const { backend, world, theirs } = await heard();
    backend.use(
      'archive',
      connectStyle((_request, _response, next) => next(Object.assign(new Error('Too late'), { until: 9 }))),
    );
    const errors: unknown[] = [];
    const error = ({ status, responseJSON }: { status: number; responseJSON: unknown }) =>
      errors.push([status, responseJSON]);
    const request = archived(theirs, { error });
    await world.settle();
    await expect(request).rejects.toMatchObject({ code: 'forbidden' });
    expect(errors).toEqual([
      [403, { code: 'forbidden', message: 'Too late', details: { name: 'Error', until: 9 } }],
    ]);
  });
});

describe('bindBackend', () => {
  it('[IO-11] adds, sets and removes what others do, by the id attribute', async () => {
    const page = await openPage();
    const { world, collection, model } = page;
    const Message = model({ idAttribute: '_id' });
    const messages = new (collection({ ...MESSAGES, model: Message }))();
    messages.bindBackend();
    await world.settle();
    const told = eventsOf(messages, 'backend:create', 'backend:update');
    const other = await page.other();
    const theirs = new (other.collection({ ...MESSAGES, model: other.model({ idAttribute: '_id' }) }))();
    const one = theirs.create({ title: 'a' }) as Backbone.Model;
    await world.settle();
    const seen = [messages.pluck('title')];
    one.save({ title: 'b' });
    await world.settle();
    seen.push(messages.pluck('title'));
    expect(told.map(([name, attrs]) => [name, (attrs as { _id: unknown })._id])).toEqual([
      ['backend:create', one.id],
      ['backend:update', one.id],
    ]);
    one.destroy();
    await world.settle();
    seen.push(messages.pluck('title'));
    expect(seen).toEqual([['a'], ['b'], []]);
  });

  it('[IO-11] in initialize is enough, as it was', async () => {
    const page = await openPage();
    const Messages = page.collection({
      ...MESSAGES,
      initialize(this: { bindBackend(): void }) {
        this.bindBackend();
      },
    });
    const messages = new Messages();
    await page.world.settle();
    await page.backend.publish({ record: 1, set: { title: 'a' } });
    await page.world.settle();
    expect(messages.toJSON()).toEqual([{ id: 1, title: 'a' }]);
  });
});
