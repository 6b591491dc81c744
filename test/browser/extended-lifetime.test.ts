import { afterEach, beforeEach, expect, it } from 'vitest';
import { seen } from '../support/browser/seen.ts';
import { appliedMutations } from '../support/browser/server-database.ts';
import { World } from '../support/browser/world.ts';
import { until } from '../support/until.ts';

let world: World;
beforeEach(async () => {
  world = await World.open();
});
afterEach(async () => {
  await world.close();
});

it('[BG12] sends what was written without a server after the last tab has closed, with no service worker', async () => {
  // Nobody's page: it keeps the browser open, and is no page of the application.
  await world.context.newPage();
  const tab = await world.tab();
  await world.server.kill();
  await tab.evaluate(() => {
    for (let n = 0; n < 10; n++) t.create({ id: `card-${n}`, title: `${n}` });
  });
  await seen(tab, () => t.pending() === 0);
  await tab.close();
  expect(await world.devtools.sharedWorkers()).toHaveLength(1);
  expect(appliedMutations(world.file())).toEqual([]);
  await world.server.start(world.file());
  await until('the server has them', () => appliedMutations(world.file()).length === 10);
  expect(world.context.pages().some((page) => page.url().startsWith('http'))).toBe(false);
});
