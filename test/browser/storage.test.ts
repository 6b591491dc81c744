import { afterEach, beforeEach, expect, it } from 'vitest';
import { savedCards } from '../support/browser/server-database.ts';
import { until } from '../support/browser/until.ts';
import { seen, World } from '../support/browser/world.ts';

let world: World;
beforeEach(async () => {
  world = await World.open();
});
afterEach(async () => {
  await world.close();
});

it('[BX8] goes on in memory where the database is refused, and says so', async () => {
  const tab = await world.tab({ worker: '/worker-without-database.js' });
  await seen(tab, () => t.status().durable === false);
  expect(await tab.evaluate(() => t.status().durableReason)).toBe('refused');
  await tab.evaluate(() => t.create({ id: 'a', title: 'online all the same' }));
  await until('the server has it', () => savedCards(world.file()).includes('online all the same'));
  await seen(tab, () => t.pending() === 0);
  expect(await tab.evaluate(() => t.outcomes)).toEqual([200]);
});

it('[BX8] says nothing of the kind where the database is there', async () => {
  const tab = await world.tab();
  expect(await tab.evaluate(() => [t.status().durable, t.status().durableReason])).toEqual([true, null]);
});

it("[BX10] keeps the contract of storages on the browser's own IndexedDB", async () => {
  const page = await world.page('/storage');
  await seen(page, () => 'contract' in globalThis);
  const results = await page.evaluate(() => contract());
  expect(results.length).toBeGreaterThan(5);
  expect(results.filter(([, problem]) => problem !== null)).toEqual([]);
});
