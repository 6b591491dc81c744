import { describe, expect, it } from 'vitest';
import { deferred } from '../support/deferred.ts';
import { idsOf, isTemporary, world } from './world.ts';

describe('a new model whose id the server gives', () => {
  it('[ID6] has none until the server has answered, then that, as a number, by one change', async () => {
    const { browser, page, rowsOf } = await world();
    const events: string[] = [];
    const task = page.tasks.add({ title: 'a' });
    task.on('all', (name) => events.push(name));
    const request = task.save();
    expect([task.id, task.isNew()]).toEqual([undefined, true]);
    await browser.settle();
    expect(await request).toEqual({ id: 1, title: 'a' });
    expect(task.id).toBe(1);
    expect(events.filter((name) => name.startsWith('change:'))).toEqual(['change:id']);
    expect(page.tasks.length).toBe(1);
    expect(page.tasks.get(1)).toBe(task);
    expect(await rowsOf('/tasks')).toEqual([{ id: 1, title: 'a' }]);
    expect(page.reported).toEqual([]);
  });

  it('[ID6] has the id with what the server made of it, in the same set', async () => {
    const { core, browser, page } = await world();
    core.resource('/notes', { public: true }).create((ctx, next) => {
      ctx.set.by = 'server';
      return next();
    });
    const notes = new (page.backbone.Collection.extend({ url: '/notes' }))();
    const note = notes.add({ title: 'a' });
    const changes: unknown[] = [];
    note.on('change', () => changes.push(note.toJSON()));
    note.save();
    await browser.settle();
    expect(changes).toEqual([{ id: 1, title: 'a', by: 'server' }]);
  });

  it('[ID7] has a temporary one with a 202, and the real one by one change more', async () => {
    const { browser, page, rowsOf } = await world();
    browser.network.online = false;
    await browser.settle();
    const task = page.tasks.add({ title: 'a' });
    const ids = idsOf(task);
    const request = task.save();
    await browser.settle();
    expect(request?.status).toBe(202);
    const { id } = task;
    expect(isTemporary(id)).toBe(true);
    expect(task.isNew()).toBe(false);
    expect(task.url()).toBe(`/tasks/${id}`);
    expect(page.tasks.get(String(id))).toBe(task);
    task.save({ done: true });
    await browser.settle();
    browser.network.online = true;
    await browser.settle(60_000);
    expect(ids).toEqual([id, 1]);
    expect([page.tasks.get(1), page.tasks.get(String(id))]).toEqual([task, task]);
    expect(page.tasks.length).toBe(1);
    expect(await rowsOf('/tasks')).toEqual([{ id: 1, title: 'a', done: true }]);
    expect(page.medulla.stateOf(task)).toMatchObject({ state: 'clean', changed: [] });
    page.tasks.remove(task);
    expect(page.tasks.get(String(id))).toBeUndefined();
    expect(page.reported).toEqual([]);
  });

  it("[ID7] has none after a failed save, whatever becomes of another's temporary one", async () => {
    const { browser, page } = await world();
    browser.network.online = false;
    await browser.settle();
    const failed = page.tasks.add({ title: 'not to be kept' });
    failed.save(null, { queue: false } as object);
    const kept = page.tasks.add({ title: 'a' });
    kept.save();
    await browser.settle();
    browser.network.online = true;
    await browser.settle(60_000);
    expect([failed.id, failed.isNew(), kept.id]).toEqual([undefined, true, 1]);
    expect(page.reported).toEqual([]);
  });

  it('[ID6] makes one record of two saves in one turn', async () => {
    const { browser, page, rowsOf } = await world();
    const task = page.tasks.add({ title: 'a' });
    const ids = idsOf(task);
    task.save();
    task.save({ title: 'b' });
    task.save();
    await browser.settle();
    expect(await rowsOf('/tasks')).toEqual([{ id: 1, title: 'b' }]);
    expect(ids).toEqual([1]);
    expect(task.attributes).toEqual({ id: 1, title: 'b' });
    expect(page.tasks.length).toBe(1);
  });

  it('[ID6] makes one record of two saves, the second while the first is on its way', async () => {
    const { browser, page, rowsOf, pushed } = await world();
    const held = deferred<void>();
    browser.network.hold = (name) => (name === 'push' ? held.promise : undefined);
    const task = page.tasks.add({ title: 'a' });
    const ids = idsOf(task);
    const first = task.save();
    await browser.settle();
    const second = task.save({ title: 'b' });
    await browser.settle();
    held.resolve(undefined);
    await browser.settle(1_000);
    expect(await rowsOf('/tasks')).toEqual([{ id: 1, title: 'b' }]);
    expect([first?.status, second?.status, ids, task.attributes]).toEqual([
      201,
      200,
      [1],
      { id: 1, title: 'b' },
    ]);
    expect([page.tasks.length, pushed().length]).toEqual([1, 2]);
  });

  it('[ID6] says who gives ids on the model, its collection or the bridge: the nearest wins', async () => {
    const { browser, page } = await world({});
    const { Model, Collection } = page.backbone;
    const byModel = new (Model.extend({ urlRoot: '/tasks', ids: 'server' }))();
    const tasks = new (Collection.extend({ url: '/tasks', ids: 'server' }))();
    const own = tasks.add(new (Model.extend({ ids: 'client' }))());
    const byCollection = tasks.add({});
    const byDefault = page.tasks.add({});
    for (const model of [byModel, own, byCollection, byDefault]) model.save();
    await browser.settle();
    expect([byModel.id, byCollection.id]).toEqual([1, 2]);
    expect([own.id, byDefault.id].map((id) => typeof id)).toEqual(['string', 'string']);
  });

  it('[ID6] comes by the answer too where it waits for it', async () => {
    const { browser, page } = await world();
    const ids: unknown[] = [];
    page.tasks.on('add', (model) => ids.push(model.id));
    const task = page.tasks.create({ title: 'a' }, { wait: true });
    expect(page.tasks.length).toBe(0);
    await browser.settle();
    expect(ids).toEqual([1]);
    expect(page.tasks.models).toEqual([task]);
  });

  it('[ID6] is the record that is read where the model is fetched before it has its id', async () => {
    const { browser, page } = await world();
    const first = page.tasks.create({ title: 'first' });
    await browser.settle();
    const held = deferred<void>();
    browser.network.hold = (name) => (name === 'push' ? held.promise : undefined);
    const task = page.tasks.create({ title: 'a' });
    const ids = idsOf(task);
    task.fetch();
    await browser.settle();
    expect([task.isNew(), task.toJSON()]).toEqual([true, { title: 'a' }]);
    held.resolve(undefined);
    await browser.settle();
    expect(page.tasks.models).toEqual([first, task]);
    expect(page.tasks.toJSON()).toEqual([
      { id: 1, title: 'first' },
      { id: 2, title: 'a' },
    ]);
    expect(ids).toEqual([2]);
    expect(page.reported).toEqual([]);
  });

  it('[ID8] is there once, while it waits for its id, in a collection that is fetched meanwhile', async () => {
    const { browser, page } = await world();
    const held = deferred<void>();
    browser.network.hold = (name) => (name === 'push' ? held.promise : undefined);
    const task = page.tasks.add({ title: 'a' });
    const ids = idsOf(task);
    task.save();
    await browser.settle();
    page.tasks.fetch();
    await browser.settle();
    expect(page.tasks.models).toEqual([task]);
    held.resolve(undefined);
    await browser.settle();
    expect(page.tasks.models).toEqual([task]);
    expect(ids).toEqual([1]);
    expect(page.reported).toEqual([]);
  });

  it('[ID8] is there once where its change comes before its receipt', async () => {
    const { browser, page, open } = await world();
    const other = await open();
    const held = deferred<void>();
    browser.network.hold = (name) => (name === 'push' ? held.promise : undefined);
    const task = page.tasks.add({ title: 'a' });
    const ids = idsOf(task);
    const request = task.save();
    await browser.settle();
    expect(other.tasks.toJSON()).toEqual([{ id: 1, title: 'a' }]);
    expect(page.tasks.models).toEqual([task]);
    held.resolve(undefined);
    await browser.settle();
    expect([request?.status, task.id, ids]).toEqual([201, 1, [1]]);
    expect([page.tasks.length, other.tasks.length]).toEqual([1, 1]);
  });
});
