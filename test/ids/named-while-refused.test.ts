import { describe, expect, it } from 'vitest';
import { collectionOf, isTemporary, world } from './world.ts';

describe('what names a record whose create was refused', () => {
  /** A note that was refused while its page was offline, under its temporary id. */
  async function refused() {
    const made = await world();
    const { core, browser, page } = made;
    core.resource('/notes', { authorize: ({ set }) => set?.title !== 'forbidden' });
    const notes = collectionOf(page, '/notes');
    const tasks = collectionOf(page, '/tasks');
    browser.network.online = false;
    await browser.settle();
    const note = notes.add({ title: 'forbidden' });
    note.save();
    await browser.settle();
    browser.network.online = true;
    await browser.settle(60_000);
    expect([isTemporary(note.id), page.medulla.stateOf(note).state]).toEqual([true, 'rejected']);
    return { ...made, notes, tasks, note };
  }

  it('[ID10] waits for the write that takes its place, though that was accepted later', async () => {
    const { browser, page, tasks, note, rowsOf } = await refused();
    const task = tasks.add({ note: note.id });
    task.save();
    await browser.settle(1_000);
    expect(await rowsOf('/tasks')).toEqual([]);
    note.save({ title: 'mended' });
    await browser.settle(10_000);
    expect(await rowsOf('/notes')).toEqual([{ id: 1, title: 'mended' }]);
    expect(await rowsOf('/tasks')).toEqual([{ id: 1, note: 1 }]);
    expect([task.get('note'), page.medulla.status.get('pending')]).toEqual([1, 0]);
  });

  it('[ID16] is offered to its user where that one waits for it, and may go once it does not', async () => {
    const { browser, page, tasks, note, rowsOf } = await refused();
    browser.network.online = false;
    await browser.settle();
    const task = tasks.add({ note: note.id });
    task.save();
    await browser.settle();
    expect(isTemporary(task.id)).toBe(true);
    note.save({ title: 'mended', task: task.id });
    await browser.settle();
    browser.network.online = true;
    await browser.settle(60_000);
    expect([await rowsOf('/notes'), await rowsOf('/tasks')]).toEqual([[], []]);
    expect(page.medulla.stateOf(task)).toMatchObject({ state: 'rejected', error: { code: 'unsent' } });
    task.save({ note: null });
    await browser.settle(10_000);
    expect(await rowsOf('/tasks')).toEqual([{ id: 1, note: null }]);
    expect(await rowsOf('/notes')).toEqual([{ id: 1, title: 'mended', task: 1 }]);
    expect(page.medulla.status.toJSON()).toMatchObject({ pending: 0, rejected: 0 });
  });

  it('[ID17] is offered to its user where that one is given up, and may go once it is made after all', async () => {
    const { browser, page, notes, tasks, note, rowsOf } = await refused();
    const { outbox, status } = page.medulla;
    outbox.on('add', () => undefined);
    const task = tasks.add({ note: note.id });
    task.save();
    await browser.settle(1_000);
    outbox.at(0)?.discard();
    await browser.settle(10_000);
    expect(page.medulla.stateOf(task)).toMatchObject({ state: 'rejected', error: { code: 'unsent' } });
    outbox.at(0)?.retry();
    await browser.settle(10_000);
    expect([await rowsOf('/tasks'), status.get('rejected')]).toEqual([[], 1]);
    notes.add(note);
    note.save({ title: 'mended' });
    await browser.settle(10_000);
    outbox.at(0)?.retry();
    await browser.settle(10_000);
    expect(await rowsOf('/tasks')).toEqual([{ id: 1, note: 1 }]);
    expect(status.toJSON()).toMatchObject({ pending: 0, rejected: 0 });
  });
});
