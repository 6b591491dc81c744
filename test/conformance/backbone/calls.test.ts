import { describe, expect, it } from 'vitest';
import { settle } from '../../../src/testing/virtual-clock.ts';
import { requestOf } from '../../client/support/backbone-request.ts';
import { openPage } from '../../client/support/page.ts';

describe('a call of sync', () => {
  it('[BK-07] [BB4] goes to the id that a save with wait brings along', async () => {
    const { backbone, hub } = await openPage();
    const model = new (backbone.Model.extend({ urlRoot: '/tasks' }))();
    model.save({ id: 42, title: 'One' }, { wait: true });
    expect(model.id).toBeUndefined();
    await settle();
    expect(hub.mutation(0)).toMatchObject({
      topic: '/tasks',
      record: 42,
      method: 'update',
      set: { title: 'One' },
    });
    hub.applied(hub.mutation(0));
    await settle();
    expect(model.attributes).toEqual({ id: 42, title: 'One' });
  });

  it('[BK-07] [BB4] reads toJSON and attrs at once: with wait the old attributes are back when it is over', async () => {
    const { backbone, hub } = await openPage();
    const seen: unknown[] = [];
    const Task = backbone.Model.extend({
      urlRoot: '/tasks',
      toJSON(options: object) {
        const json = backbone.Model.prototype.toJSON.call(this, options);
        seen.push(json);
        return json;
      },
    });
    const model = new Task({ title: 'One', tags: ['a'] });
    model.save({ title: 'Two' }, { wait: true });
    const attrs = { tags: ['b'] };
    model.save(null, { attrs, patch: true, wait: true } as object);
    attrs.tags.push('c');
    model.get('tags').push('d');
    expect([model.get('title'), seen[0]]).toEqual(['One', { title: 'Two', tags: ['a', 'd'] }]);
    await settle();
    expect(hub.mutations.map(({ set }) => set)).toEqual([{ title: 'Two', tags: ['a'] }, { tags: ['b'] }]);
  });

  it('[BK-07] [BB4] asks toJSON at no other time, and still tells what was typed since a save with wait', async () => {
    const { backbone, hub } = await openPage();
    let asked = 0;
    const Task = backbone.Model.extend({
      urlRoot: '/tasks',
      toJSON(options: object) {
        asked += 1;
        return backbone.Model.prototype.toJSON.call(this, options);
      },
    });
    const model = new Task({ title: 'One', note: 'a' });
    model.save({ title: 'Two' }, { wait: true });
    const during = asked;
    await settle();
    expect(asked).toBe(during);
    model.set({ note: 'b' });
    hub.applied(hub.mutation(0), 1, { set: { note: 'c', done: false } });
    await settle();
    expect(model.attributes).toMatchObject({ title: 'Two', note: 'b', done: false });
    model.save();
    await settle();
    expect(hub.mutation(1).set).toEqual({ note: 'b' });
  });

  it('[BK-02] [BB4] has its request in options.xhr before parse runs, and before anybody hears of it', async () => {
    const { backbone, hub } = await openPage();
    const seen: unknown[] = [];
    const note = (_it: unknown, options: { xhr: unknown }) => seen.push(options.xhr);
    const Task = backbone.Model.extend({
      urlRoot: '/tasks',
      parse(attrs: object, options: { xhr: unknown }) {
        note(attrs, options);
        return attrs;
      },
    });
    const model = new Task({ id: 1 });
    model.on('request', (it: unknown, _xhr: unknown, options: { xhr: unknown }) => note(it, options));
    const request = requestOf(model.fetch());
    await settle();
    hub.rows([[1, 1, { title: 'One' }]]);
    await settle();
    expect(seen).toEqual([request, request]);
  });

  it('[BK-03] [BB4] throws Backbone’s own error at once where there is no url', async () => {
    const { backbone } = await openPage();
    expect(() => new backbone.Model().fetch()).toThrow('A "url" property or function must be specified');
    expect(() => new backbone.Model({ id: 1 }).save()).toThrow(
      'A "url" property or function must be specified',
    );
    expect(() => new backbone.Collection().fetch()).toThrow('A "url" property or function must be specified');
  });

  it('[BK-04] [BB4] needs no options', async () => {
    const { backbone, hub } = await openPage();
    const model = new (backbone.Model.extend({ url: '/me' }))({ title: 'One' });
    backbone.sync('create', model);
    (model.sync as (...args: unknown[]) => unknown)('read', model);
    await settle();
    expect([hub.mutation(0).set, hub.of('read').length]).toEqual([{ title: 'One' }, 1]);
  });

  it('[BK-05] [BB4] calls back on options.context, success, error and complete alike', async () => {
    const { backbone, hub } = await openPage();
    const context = {};
    const heard: unknown[] = [];
    const options = {
      context,
      success(this: unknown) {
        heard.push(['success', this === context]);
      },
      error(this: unknown) {
        heard.push(['error', this === context]);
      },
      complete(this: unknown) {
        heard.push(['complete', this === context]);
      },
    };
    const model = new (backbone.Model.extend({ urlRoot: '/tasks' }))({ id: 1, n: 1 });
    model.save(null, options);
    model.save({ n: 2 }, options);
    await settle();
    hub.applied(hub.mutation(0));
    hub.refused(hub.mutation(1));
    await settle();
    expect(heard).toEqual([
      ['success', true],
      ['complete', true],
      ['error', true],
      ['complete', true],
    ]);
  });

  it('[BK-06] [BB4] gives beforeSend its request and its options, on the context', async () => {
    const { backbone, hub } = await openPage();
    const given: unknown[] = [];
    const context = {};
    const options = {
      context,
      beforeSend(this: unknown, ...args: unknown[]) {
        given.push(this, args[0], (args[1] as { mine: boolean }).mine);
      },
      mine: true,
    };
    const request = new (backbone.Model.extend({ urlRoot: '/tasks' }))({ id: 1 }).save(
      null,
      options as object,
    );
    expect(given).toEqual([context, request, true]);
    await settle();
    expect(hub.mutations).toHaveLength(1);
  });

  it('[BK-08] [BB4] twice of a new model makes one record, whoever gives the ids', async () => {
    for (const ids of ['client', 'server'] as const) {
      const { backbone, hub } = await openPage({ ids });
      const model = new (backbone.Model.extend({ urlRoot: '/tasks' }))({ title: 'One' });
      model.save();
      model.save({ title: 'Two' });
      await settle();
      expect(hub.mutations.map(({ method, record }) => [method, record === hub.mutation(0).record])).toEqual([
        ['create', true],
        ['update', true],
      ]);
    }
  });

  it('[BK-09] [BB4] need not be made for a model without an id to take its create back', async () => {
    const { backbone, hub } = await openPage({ ids: 'server' });
    const model = new (backbone.Model.extend({ urlRoot: '/tasks' }))({ title: 'One' });
    model.save();
    expect([model.isNew(), model.destroy()]).toEqual([true, false]);
    await settle();
    const [first, second] = hub.mutations;
    expect([hub.of('abort').map(({ id }) => id), second?.method, second?.record]).toEqual([
      [first?.id],
      'delete',
      first?.record,
    ]);
  });
});
