import { describe, expect, it } from 'vitest';
import { Refusal } from '../../src/server/resource/refusal.ts';
import { deploy, NEW, OLD } from './deploy.ts';

/** What the server refused of an old page, and the page that comes after the next deploy. */
async function refused() {
  const world = deploy();
  const { browser, tasks } = world;
  tasks.use('update', 'patch', (ctx, next) => {
    if (ctx.set.title === 'bad') throw new Refusal('Not that', { code: 'invalid' });
    return next();
  });
  const page = await browser.open(OLD);
  page.tasks.create({ id: 'a', title: 'A', done: 'no' });
  await browser.settle();
  page.tasks.get('a')?.save({ title: 'bad', done: 'yes' });
  await browser.settle();
  return { ...world, page };
}

describe('what was refused before the deploy', () => {
  it('[MG12] is migrated too, and can be tried again', async () => {
    const { browser } = await refused();
    await browser.settle();
    browser.kill();
    const { medulla, tasks } = await browser.open(NEW);
    medulla.outbox.length;
    await browser.settle();
    const item = medulla.outbox.at(0);
    expect(item?.toJSON()).toMatchObject({
      state: 'rejected',
      recordVersion: 2,
      set: { name: 'bad', done: true },
      was: { name: 'A', done: false },
    });
    (item as unknown as { retry(): void }).retry();
    await browser.settle(1_000);
    expect(medulla.outbox.length).toBe(0);
    expect(tasks.get('a')?.toJSON()).toMatchObject({ name: 'bad', done: true });
  });

  it('[MG12] and what a later write took the place of', async () => {
    const { browser, page } = await refused();
    browser.network.online = false;
    await browser.settle();
    const later = page.tasks.get('a')?.save({ note: 'x' }, { wait: true }) as unknown as { abort(): void };
    await browser.settle();
    const { medulla } = await browser.open(NEW);
    medulla.outbox.length;
    await browser.settle();
    expect(medulla.outbox.pluck('set')).toEqual([{ name: 'bad', done: true, note: 'x' }]);
    later.abort();
    await browser.settle();
    expect(medulla.outbox.pluck('set')).toEqual([{ name: 'bad', done: true }]);
    expect(medulla.outbox.pluck('recordVersion')).toEqual([2]);
  });
});
