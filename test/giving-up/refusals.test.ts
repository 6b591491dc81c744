import type Backbone from 'backbone';
import { describe, expect, it } from 'vitest';
import { requestOf } from '../client/support/backbone-request.ts';
import { itemsOf, LATE, save, titlesOf, world } from './world.ts';

/** The same with another instance of the first record in the page, and one record that may not be deleted. */
async function refusing() {
  const w = await world();
  w.tasks.create({ title: 'kept' });
  const again = new (w.tasks.constructor as new () => Backbone.Collection)();
  again.fetch();
  await w.browser.settle();
  const kept = w.tasks.findWhere({ title: 'kept' }) as Backbone.Model;
  const first = () => [w.first.get('title'), again.get(String(w.first.id))?.get('title'), w.titlesThere()[0]];
  return { ...w, again, kept, titlesOfFirst: first };
}

const WRITES = {
  update: (first: Backbone.Model) => save(first, { title: 'bad' }),
  patch: (first: Backbone.Model) => save(first, { title: 'bad' }, { patch: true }),
};

describe.each(['update', 'patch'] as const)('a refused %s', (method) => {
  it('[GU11] in a live request leaves its instance with unsaved edits, and rolls the others back', async () => {
    const { first, browser, medulla, titlesOfFirst, told, there, outbox } = await refusing();
    WRITES[method](first);
    await browser.settle(1_000);
    expect(titlesOfFirst()).toEqual(['bad', 'first', 'first']);
    expect(told).toEqual(['error invalid']);
    expect(medulla.stateOf(first)).toMatchObject({ state: 'rejected', changed: ['title'] });
    save(first, { title: 'good' });
    await browser.settle(1_000);
    expect([await there(), outbox.length]).toEqual([['good', 'kept'], 0]);
  });

  it('[GU11] after a 202 is told late, and all roll back; a retry with an edit goes', async () => {
    const { first, browser, titlesOfFirst, told, toldThere, there, outbox, offline, online } =
      await refusing();
    await offline();
    WRITES[method](first);
    await browser.settle(LATE);
    expect(titlesOfFirst()).toEqual(['bad', 'bad', 'bad']);
    await online();
    expect(titlesOfFirst()).toEqual(['first', 'first', 'first']);
    expect([told, toldThere]).toEqual([['rejected invalid', 'error invalid late'], []]);
    outbox[0]?.retry({ title: 'again' });
    await browser.settle(1_000);
    expect([titlesOfFirst()[0], await there(), outbox.length]).toEqual(['again', ['again', 'kept'], 0]);
  });
});

describe('a refused create', () => {
  it('[GU11] after a 202 stays, over a reload too; a retry with an edit takes along what followed it', async () => {
    const { tasks, browser, told, there, offline, online, reload, titles, titlesThere } = await refusing();
    await offline();
    const task = tasks.create({ title: 'bad' });
    await browser.settle(LATE);
    await online();
    expect(told).toEqual(['rejected invalid', 'error invalid late']);
    expect([titles(), titlesThere()]).toEqual([
      ['bad', 'first', 'kept'],
      ['bad', 'first', 'kept'],
    ]);
    const page = await reload();
    const items = itemsOf(page);
    await browser.settle();
    expect([titlesOf(page), items.length]).toEqual([['bad', 'first', 'kept'], 1]);
    items[0]?.retry({ title: 'good', note: 'n' });
    await browser.settle(1_000);
    expect(await there()).toEqual(['first', 'good', 'kept']);
    expect(page.tasks.get(String(task.id))?.get('note')).toBe('n');
    expect(page.medulla.stateOf(page.tasks.get(String(task.id)) as Backbone.Model).state).toBe('clean');
  });

  it('[GU12] that was saved again before it was sent is one, with what it was last', async () => {
    const { tasks, browser, offline, online, outbox, titles, titlesThere, rules, everywhere } =
      await refusing();
    await offline();
    const task = tasks.create({ title: 'good', n: 1 });
    await browser.settle();
    task.save({ title: 'bad' });
    await browser.settle(LATE);
    await online();
    const all = ['bad', 'first', 'kept'];
    expect(outbox.length).toBe(1);
    expect([titles(), titlesThere()]).toEqual([all, all]);
    rules.isOpen = true;
    for (const item of [...outbox]) item.retry();
    await browser.settle(LATE);
    await everywhere(all);
    expect(outbox).toHaveLength(0);
  });
});

describe('a refused delete', () => {
  it.each(['live', 'late'])('[GU11] %s puts a new instance back, in every page', async (when) => {
    const { kept, tasks, browser, told, offline, online, titles, titlesThere, rules, outbox, there } =
      await refusing();
    if (when === 'late') await offline();
    const request = requestOf(kept.destroy());
    await browser.settle(when === 'late' ? LATE : 1_000);
    if (when === 'late')
      expect([request.status, titles(), titlesThere()]).toEqual([202, ['first'], ['first']]);
    await online();
    expect([titles(), titlesThere()]).toEqual([
      ['first', 'kept'],
      ['first', 'kept'],
    ]);
    const back = tasks.get(String(kept.id));
    expect(back).not.toBe(kept);
    expect(told).toContain('restored');
    rules.isOpen = true;
    outbox[0]?.retry();
    await browser.settle(LATE);
    expect([await there(), titles(), titlesThere(), outbox.length]).toEqual([
      ['first'],
      ['first'],
      ['first'],
      0,
    ]);
  });

  it('[GU11] after a reload is there, and its deletion may be tried again or given up', async () => {
    const { kept, browser, offline, online, reload } = await refusing();
    await offline();
    kept.destroy();
    await browser.settle(LATE);
    await online();
    const page = await reload();
    const items = itemsOf(page);
    await browser.settle();
    expect([titlesOf(page), items.length]).toEqual([['first', 'kept'], 1]);
    items[0]?.discard();
    await browser.settle();
    expect([titlesOf(page), items.length, page.medulla.status.get('rejected')]).toEqual([
      ['first', 'kept'],
      0,
      0,
    ]);
  });
});
