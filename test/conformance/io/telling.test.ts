import type Backbone from 'backbone';
import { describe, expect, it } from 'vitest';
import { connectStyle } from '../../../src/server.ts';
import { freshBackbone } from '../../support/fresh-backbone.ts';
import { eventsOf } from '../ws/open-ws.ts';
import { openBackend, type Page } from './open-backend.ts';

/** Another tab that follows the topic; `user`: at another hub. */
async function follower({ world }: Page, url = '/messages', user?: string) {
  const backbone = freshBackbone();
  const { medulla } = world.tab(backbone, user === undefined ? {} : { user });
  const messages = new (backbone.Collection.extend({ url }) as new () => Backbone.Collection)();
  medulla.follow(messages);
  const told = eventsOf(medulla, 'message');
  await world.settle();
  return { messages, told, medulla };
}

function create({ Messages }: Page, attrs: object): Backbone.Collection {
  const messages = new Messages();
  messages.create(attrs);
  return messages;
}

const titles = (...followers: { messages: Backbone.Collection }[]) =>
  followers.map(({ messages }) => messages.pluck('title'));

describe('a write', () => {
  it('[IO-24] is told to the other tabs and browsers of the backend, and has no echo at its author', async () => {
    const page = await openBackend();
    const [sibling, stranger] = [await follower(page), await follower(page, '/messages', 'ann')];
    const messages = new page.Messages();
    page.world.medulla.follow(messages);
    await page.world.settle();
    const told = eventsOf(messages, 'add', 'change', 'remove');
    const others = eventsOf(sibling.messages, 'add', 'change', 'remove');
    const model = messages.create({ title: 'a' });
    // It came in, and got its id.
    expect(told.map(([name]) => name)).toEqual(['add', 'change']);
    await page.world.settle();
    model.save({ title: 'b' });
    await page.world.settle();
    expect(titles(sibling, stranger)).toEqual([['b'], ['b']]);
    expect(told.map(([name]) => name)).toEqual(['add', 'change', 'change']);
    expect(others.map(([name]) => name)).toEqual(['add', 'change']);
  });

  it('[IO-26] is told in its channel only', async () => {
    const page = await openBackend();
    const all = [
      await follower(page),
      await follower(page, '/messages/general', 'ann'),
      await follower(page, '/messages/random', 'bob'),
    ];
    const General = page.backbone.Collection.extend({ url: '/messages/general' });
    new General().create({ title: 'a' });
    await page.world.settle();
    expect(titles(...all)).toEqual([[], ['a'], []]);
  });

  it('[IO-25] [IO-14] of the server’s own is told to the backend, or to a channel', async () => {
    const page = await openBackend();
    const all = [await follower(page), await follower(page, '/messages/general', 'ann')];
    await page.backend.publish({ record: 1, set: { title: 'a' } });
    await page.backend.publish({ record: 1, set: { title: 'b' } }, { channel: 'general' });
    await page.world.settle();
    expect(titles(...all)).toEqual([['a'], ['b']]);
    await page.backend.publish({ record: 1, deleted: true });
    await page.world.settle();
    expect(titles(...all)).toEqual([[], ['b']]);
  });
});

describe('silent and notify', () => {
  it('[IO-29] silent: nobody hears of it as it happens but its author; with the next change they have it', async () => {
    const page = await openBackend((backend) =>
      backend.use(
        connectStyle((request, _response, next) => {
          if ((request.model as { title?: string }).title === 'quiet') request.silent();
          next();
        }),
      ),
    );
    const [sibling, stranger] = [await follower(page), await follower(page, '/messages', 'ann')];
    const messages = create(page, { title: 'quiet' });
    await page.world.settle();
    expect(titles({ messages }, sibling, stranger)).toEqual([['quiet'], ['quiet'], []]);
    expect(page.world.medulla.status.get('pending')).toBe(0);
    messages.create({ title: 'loud' });
    await page.world.settle();
    expect(titles(sibling, stranger).map((list) => list.toSorted())).toEqual([
      ['loud', 'quiet'],
      ['loud', 'quiet'],
    ]);
  });

  it('[IO-29] notify: others who follow some topics hear of it, once it is done', async () => {
    const page = await openBackend((backend) =>
      backend.create(
        connectStyle((request, _response, next) => {
          request.notify('/messages/log', '/messages/audit');
          if ((request.model as { title?: string }).title === 'no') next(new Error('No'));
          else next();
        }),
      ),
    );
    const log = await follower(page, '/messages/log', 'ann');
    const own = await follower(page, '/messages/log');
    create(page, { title: 'no' });
    create(page, { title: 'a' });
    await page.world.settle();
    const note = { topic: '/messages/log', method: 'create', model: { id: expect.anything(), title: 'a' } };
    expect([log.told, own.told, titles(log)]).toEqual([[['message', 'synced', note]], [], [[]]]);
  });

  it('[IO-09] a read is known to the server’s code, told to nobody by itself, and to others where that says so', async () => {
    const reads: unknown[] = [];
    const page = await openBackend((backend) =>
      backend.read(
        connectStyle((request, _response, next) => {
          reads.push(request.model);
          if (request.options.tell) request.notify();
          next();
        }),
      ),
    );
    await page.backend.publish({ record: 1, set: { title: 'a' } });
    const stranger = await follower(page, '/messages', 'ann');
    reads.length = 0;
    const model = new (page.Message as new (attrs: object) => Backbone.Model)({ id: 1 });
    model.fetch();
    await page.world.settle();
    expect([reads, stranger.told]).toEqual([[{ id: 1 }], []]);
    model.fetch({ tell: true } as object);
    await page.world.settle();
    const note = { topic: '/messages', method: 'read', model: { id: 1, title: 'a' } };
    expect(stranger.told).toEqual([['message', 'synced', note]]);
  });

  it('[IO-18] a method of a backend’s own is told to its others, as a write is', async () => {
    const page = await openBackend((backend) => backend.use('archive', async (_ctx, next) => next()), {
      methods: ['archive'],
    });
    const [sibling, stranger] = [await follower(page), await follower(page, '/messages', 'ann')];
    void page.world.medulla.send({ id: 7 }, { topic: '/messages', method: 'archive' });
    await page.world.settle();
    const note = { topic: '/messages', method: 'archive', model: { id: 7 } };
    expect([sibling.told, stranger.told]).toEqual([[], [['message', 'synced', note]]]);
  });
});

describe('following', () => {
  it('[IO-29] lets in some kinds of changes only', async () => {
    const page = await openBackend();
    const messages = new page.Messages();
    page.world.medulla.follow(messages, { only: ['create'] });
    await page.world.settle();
    await page.backend.publish({ record: 1, set: { title: 'a' } });
    await page.world.settle();
    await page.backend.publish({ record: 1, set: { title: 'b' } });
    await page.world.settle();
    expect(messages.pluck('title')).toEqual(['a']);
  });

  it('[IO-13] goes on after a reconnect, and has what was missed', async () => {
    const page = await openBackend();
    const stranger = await follower(page, '/messages', 'ann');
    page.world.line.cut();
    await page.world.settle();
    await page.backend.publish({ record: 1, set: { title: 'missed' } });
    page.world.line.mend();
    await page.world.settle();
    await page.backend.publish({ record: 2, set: { title: 'next' } });
    await page.world.settle();
    expect(titles(stranger)).toEqual([['missed', 'next']]);
  });

  it('[IO-04] is over one connection, whatever the number of backends', async () => {
    const page = await openBackend();
    page.world.server.backend('tasks', { public: true });
    const { world, backbone } = page;
    for (const url of ['/messages', '/tasks', '/tasks/1'])
      world.medulla.follow(new (backbone.Collection.extend({ url }))());
    await world.settle();
    expect(world.server.sessions.size).toBe(1);
  });

  it('[IO-05] a request before the connection waits, over a reload too', async () => {
    const page = await openBackend();
    const { world } = page;
    world.line.cut();
    await world.settle();
    create(page, { title: 'a' });
    await world.settle();
    await world.reload();
    world.line.mend();
    await world.settle();
    expect(await world.server.rows('/messages')).toMatchObject([{ title: 'a' }]);
  });
});
