import { describe, expect, it } from 'vitest';
import { settle } from '../../src/testing/virtual-clock.ts';
import { requestOf } from './support/backbone-request.ts';
import { followed, openPage } from './support/page.ts';

describe('a fetch', () => {
  it.each([
    [undefined, 'network'],
    [true, 'network'],
    [false, 'reload'],
    ['reload', 'reload'],
    ['first', 'first'],
    ['only', 'only'],
  ])('[TB28] with cache %s asks for %s', async (cache, wanted) => {
    const { backbone, hub } = await openPage();
    new (backbone.Collection.extend({ url: '/tasks' }))().fetch({ cache } as object);
    await settle();
    expect(hub.of('read')).toEqual([{ type: 'read', request: 1, topic: '/tasks', cache: wanted }]);
  });

  it('[TB28] of a record or a query asks for that alone', async () => {
    const { backbone, hub } = await openPage();
    new (backbone.Model.extend({ urlRoot: '/tasks' }))({ id: 7 }).fetch();
    const tasks = new (backbone.Collection.extend({ url: '/tasks?done=true' }))();
    tasks.fetch({ data: { page: 2 } });
    tasks.fetch({ data: 'page=3' } as object);
    await settle();
    expect(hub.of('read').map(({ record, query }) => record ?? query)).toEqual([
      7,
      { done: 'true', page: 2 },
      { done: 'true', page: '3' },
    ]);
  });

  it.each([
    ['network', false, 200],
    ['replica', false, 200],
    ['replica', true, 304],
  ] as const)('[TB28] from the %s, stale %s, has status %i', async (source, stale, status) => {
    const { backbone, hub } = await openPage();
    const tasks = new (backbone.Collection.extend({ url: '/tasks' }))();
    const request = requestOf(tasks.fetch({ reset: true }));
    await settle();
    hub.rows([['a', 1, { n: 1 }]], source, stale);
    expect(await request).toEqual([{ id: 'a', n: 1 }]);
    expect(request).toMatchObject({ status, source, stale });
    expect(tasks.toJSON()).toEqual([{ id: 'a', n: 1 }]);
  });

  it('[TB28] that finds nothing, or nobody to ask, is an error', async () => {
    const { backbone, hub, clock } = await openPage();
    const task = new (backbone.Model.extend({ urlRoot: '/tasks' }))({ id: 7 });
    const first = requestOf(task.fetch());
    await settle();
    hub.fail('not-found');
    await expect(first).rejects.toMatchObject({ status: 404 });
    const second = requestOf(task.fetch());
    await settle();
    hub.fail('unreachable');
    await expect(second).rejects.toMatchObject({ status: 0, code: 'unreachable' });
    const third = requestOf(task.fetch({ timeout: 100 } as object));
    await clock.advance(100);
    await expect(third).rejects.toMatchObject({ status: 0, code: 'timeout' });
  });

  it('[TB28] that is aborted drops the answer', async () => {
    const { backbone, hub } = await openPage();
    const tasks = new (backbone.Collection.extend({ url: '/tasks' }))();
    const request = requestOf(tasks.fetch());
    await settle();
    request.abort();
    hub.rows([['a', 1, { n: 1 }]]);
    await expect(request).rejects.toMatchObject({ status: 0, code: 'abort' });
    expect([tasks.length, request.state()]).toEqual([0, 'rejected']);
  });

  it('[TB29] has this tab’s later writes on top: what was created is in it, what was deleted is not', async () => {
    const { hub, tasks, model } = await followed({ title: 'Old' });
    hub.shows(2, { title: 'Two' });
    await settle();
    const request = requestOf(tasks.fetch());
    await settle();
    const three = tasks.create({ title: 'Three' });
    model.save({ title: 'New' });
    tasks.get(2)?.destroy();
    await settle();
    hub.tell({
      n: 0,
      answers: [
        {
          type: 'rows',
          request: 2,
          rows: [
            [1, 5, { title: 'Old' }],
            [2, 6, { title: 'Two' }],
          ],
          source: 'network',
          stale: false,
        },
      ],
    });
    expect(await request).toEqual([
      { id: 1, title: 'New' },
      { id: three.id, title: 'Three' },
    ]);
    expect(tasks.pluck('title')).toEqual(['New', 'Three']);
  });

  it('[TB29] lets a success callback save what it got, as a difference', async () => {
    const { backbone, hub } = await openPage();
    const tasks = new (backbone.Collection.extend({ url: '/tasks' }))();
    tasks.fetch({ success: () => tasks.at(0).save({ seen: true }) });
    await settle();
    hub.rows([['a', 4, { n: 1 }]]);
    await settle();
    expect(hub.mutation(0)).toMatchObject({ method: 'update', set: { seen: true }, base: 4 });
  });
});
