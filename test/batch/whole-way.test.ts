import { expect, it } from 'vitest';
import { byId, deploy, pushed, rowsOf } from '../migrate/deploy.ts';

/** A page with two tasks. */
async function world() {
  const made = deploy();
  const { browser } = made;
  const page = await browser.open();
  page.tasks.create({ id: 'a', title: 'A' });
  page.tasks.create({ id: 'b', title: 'B' });
  await browser.settle();
  const rows = async () => byId(await rowsOf(made.core));
  return { ...made, page, rows };
}

it('[BA4] [BA9] a batch made offline goes whole, after a crash too', async () => {
  const { browser, page, rows } = await world();
  browser.network.online = false;
  await browser.settle();
  page.tasks.get('a')?.save({ title: 'A1' });
  const done = page.medulla.batch(() => {
    page.tasks.get('a')?.save({ title: 'A2' });
    page.tasks.create({ id: 'c', title: 'C' });
    page.tasks.get('b')?.destroy();
  });
  page.tasks.get('c')?.save({ title: 'C2' });
  expect(await Promise.all([done, browser.settle()])).toMatchObject([{ status: 202 }, undefined]);
  browser.kill();
  browser.network.online = true;
  await browser.open();
  await browser.settle(60_000);
  expect(await rows()).toEqual([
    { id: 'a', title: 'A2' },
    { id: 'c', title: 'C2' },
  ]);
  const batch = pushed(browser).filter(({ mutation }) => mutation.batch);
  expect(batch.map(({ mutation, also }) => [mutation.record, ...also])).toEqual([['a'], ['c'], ['b']]);
});
