import { describe, expect, it } from 'vitest';
import { deferred } from '../support/deferred.ts';
import { isTemporary, world } from './world.ts';

describe('a record that is destroyed before it has its id', () => {
  it('[ID12] is never made where its create was not sent', async () => {
    const { browser, page, rowsOf, pushed } = await world();
    browser.network.online = false;
    await browser.settle();
    const task = page.tasks.add({ title: 'a' });
    task.save();
    await browser.settle();
    task.save({ title: 'b' });
    task.destroy();
    await browser.settle();
    expect(page.tasks.length).toBe(0);
    browser.network.online = true;
    await browser.settle(60_000);
    expect(pushed().map((push) => push.split(' ')[0])).toEqual(['delete']);
    expect(await rowsOf('/tasks')).toEqual([]);
    expect(page.medulla.status.get('pending')).toBe(0);
    expect(page.tasks.length).toBe(0);
  });

  it('[ID12] is made and deleted, under its real id, where its create is on its way', async () => {
    const { browser, page, rowsOf, pushed } = await world();
    const held = deferred<void>();
    browser.network.hold = (name) => (name === 'push' ? held.promise : undefined);
    const task = page.tasks.add({ title: 'a' });
    const request = task.save();
    await browser.settle();
    task.destroy();
    expect(page.tasks.length).toBe(0);
    await browser.settle();
    held.resolve(undefined);
    await browser.settle(1_000);
    expect(request?.statusText).toBe('abort');
    const [create, end] = pushed();
    expect(isTemporary(create?.replace('create ', ''))).toBe(true);
    expect(end).toBe('delete 1');
    expect(await rowsOf('/tasks')).toEqual([]);
    expect(page.tasks.length).toBe(0);
  });

  it('[ID12] is made and deleted where it was answered with 202 and is on its way', async () => {
    const { browser, page, rowsOf } = await world();
    const held = deferred<void>();
    browser.network.hold = (name) => (name === 'push' ? held.promise : undefined);
    const task = page.tasks.add({ title: 'a' });
    const request = task.save();
    await browser.settle(4_000);
    expect(request?.status).toBe(202);
    task.destroy();
    await browser.settle();
    held.resolve(undefined);
    await browser.settle(1_000);
    expect(await rowsOf('/tasks')).toEqual([]);
    expect(page.tasks.length).toBe(0);
    expect(page.medulla.status.get('pending')).toBe(0);
  });

  it('[ID13] that was refused stays under its temporary id, and is that record when it is saved again', async () => {
    const { core, browser, page, rowsOf } = await world();
    let refuse = true;
    core.resource('/notes', { authorize: () => !refuse });
    const Notes = page.backbone.Collection.extend({ url: '/notes', follow: true });
    const notes = new Notes();
    browser.network.online = false;
    await browser.settle();
    const note = notes.add({ title: 'a' });
    note.save();
    await browser.settle();
    const { id } = note;
    browser.network.online = true;
    await browser.settle(60_000);
    expect(page.medulla.stateOf(note).state).toBe('rejected');
    expect(note.id).toBe(id);
    refuse = false;
    note.save({ title: 'b' });
    await browser.settle(1_000);
    expect(note.id).toBe(1);
    expect(notes.get(String(id))).toBe(note);
    expect(await rowsOf('/notes')).toEqual([{ id: 1, title: 'b' }]);
    expect(page.medulla.status.get('rejected')).toBe(0);
  });

  it('[ID13] that was refused to a live save and is destroyed leaves nothing behind', async () => {
    const { core, browser, page } = await world();
    core.resource('/notes', { authorize: ({ method }) => method !== 'create' });
    const notes = new (page.backbone.Collection.extend({ url: '/notes' }))();
    const note = notes.add({ title: 'a' });
    note.save();
    await browser.settle();
    expect([page.medulla.status.get('rejected'), note.isNew()]).toEqual([1, true]);
    note.destroy();
    await browser.settle(1_000);
    expect(notes.length).toBe(0);
    expect(page.medulla.status.get('rejected')).toBe(0);
  });
});
