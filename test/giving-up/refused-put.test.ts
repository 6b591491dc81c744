import { expect, it } from 'vitest';
import { itemsOf, LATE, save, titlesOf, world } from './world.ts';

it('[GU2] a model with an id of its own that is refused after a 202 stays, whole, until somebody decides', async () => {
  const { tasks, medulla, titles, titlesThere, offline, online, told, rules, browser, outbox, everywhere } =
    await world();
  await offline();
  const task = tasks.create({ id: 'own', title: 'bad', note: 'n' });
  await browser.settle(LATE);
  expect(titlesThere()).toEqual(['bad', 'first']);
  await online();
  expect(told).toEqual(['rejected invalid', 'error invalid late']);
  expect([titles(), titlesThere()]).toEqual([
    ['bad', 'first'],
    ['bad', 'first'],
  ]);
  expect(tasks.get('own')).toBe(task);
  expect(task.attributes).toEqual({ id: 'own', title: 'bad', note: 'n' });
  expect(medulla.stateOf(task).state).toBe('rejected');
  task.save({ title: 'good' });
  await browser.settle(1_000);
  await everywhere(['first', 'good']);
  expect([outbox.length, medulla.stateOf(task)]).toMatchObject([0, { state: 'clean', changed: [] }]);
  expect(rules.isOpen).toBe(false);
});

it('[GU2] is there after a reload, and goes when it is discarded', async () => {
  const { tasks, offline, online, browser, reload } = await world();
  await offline();
  tasks.create({ id: 'own', title: 'bad', note: 'n' });
  await browser.settle(LATE);
  await online();
  const again = await reload();
  const items = itemsOf(again);
  await browser.settle();
  expect(titlesOf(again)).toEqual(['bad', 'first']);
  expect(again.medulla.stateOf(again.tasks.get('own') as never)).toMatchObject({
    state: 'rejected',
    error: { code: 'invalid' },
  });
  items[0]?.discard();
  await browser.settle();
  expect([titlesOf(again), items.length]).toEqual([['first'], 0]);
});

it.each([{ id: 'own' }, {}])(
  '[GU2] is saved again from another page, over its author’s text, and given up: %j',
  async (id) => {
    const { tasks, other, offline, online, browser, titlesThere, there, outbox, medulla } = await world();
    await offline();
    const own = tasks.create({ ...id, title: 'bad', note: 'n' });
    const more = tasks.create({ ...id, ...(own.id === 'own' && { id: 'more' }), title: 'bad', note: 'm' });
    await browser.settle(LATE);
    await online();
    other.tasks.get(own.id)?.save({ title: 'good' });
    await browser.settle(1_000);
    expect(await there()).toEqual(['first', 'good']);
    expect(other.tasks.get(own.id)?.attributes).toEqual({ id: own.id, title: 'good', note: 'n' });
    // What was typed here stays, and is told as the conflict that it is.
    expect(medulla.stateOf(own)).toMatchObject({
      state: 'conflict',
      conflict: { theirs: { title: 'good' } },
    });
    outbox[0]?.discard();
    await browser.settle();
    expect([tasks.includes(more), titlesThere(), outbox.length]).toEqual([false, ['first', 'good'], 0]);
  },
);

it('[GU3] what a refused create had, and the next save has not, does not come back', async () => {
  const { tasks, browser, rowsOf } = await world();
  const task = tasks.create({ title: 'bad', note: 'n' });
  await browser.settle(1_000);
  task.unset('note');
  task.save({ title: 'good' });
  await browser.settle(1_000);
  const { [String(task.id)]: row } = await rowsOf();
  expect([row, task.attributes]).toEqual([{ title: 'good' }, { id: task.id, title: 'good' }]);
});

it('[GU2] that is refused in a live request stays with its author and in the other pages', async () => {
  const { tasks, browser, titles, titlesThere, there, medulla, told, everywhere } = await world();
  const task = tasks.create({ id: 'own', title: 'bad', note: 'n' });
  await browser.settle(1_000);
  expect(told).toEqual(['error invalid']);
  expect([titles(), titlesThere(), await there()]).toEqual([['bad', 'first'], ['bad', 'first'], ['first']]);
  expect(medulla.stateOf(task).state).toBe('rejected');
  task.save({ title: 'good' });
  await browser.settle(1_000);
  await everywhere(['first', 'good']);
});

it('[GU4] a decision about what a later save has taken the place of changes nothing', async () => {
  const { first, browser, outbox, medulla, there } = await world();
  await browser.settle();
  save(first, { title: 'bad' });
  await browser.settle(1_000);
  const [item] = outbox;
  save(first, { note: 'n' }, { patch: true });
  item?.discard();
  await browser.settle(1_000);
  expect([first.get('title'), await there()]).toEqual(['bad', ['first']]);
  expect(medulla.stateOf(first)).toMatchObject({ state: 'clean', changed: ['title'] });
});
