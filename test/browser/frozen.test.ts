import { afterEach, beforeEach, expect, it } from 'vitest';
import { savedCards } from '../support/browser/server-database.ts';
import { converged, World } from '../support/browser/world.ts';

const RECORDS = 50;
const SIZE = 1_000;

let world: World;
beforeEach(async () => {
  world = await World.open();
});
afterEach(async () => {
  await world.close();
});

/**
 * Measured: bytes in use on the worker's heap after a forced collection, before the 5,000 changes and after them, the
 * tab still frozen. The changes carry 5 MB; what a hub may keep for the tab is the latest of each of 50 records.
 */
it('[BX7] lets a frozen tab catch up with 5,000 changes, and keeps no more than the latest of each for it', async () => {
  const [watching, frozen] = await world.tabs(2);
  await world.server.publish({ count: RECORDS, records: RECORDS, size: SIZE });
  for (const tab of [watching, frozen])
    await tab.waitForFunction((count) => t.cards.length === count, RECORDS);
  const eventsBefore = await frozen.evaluate(() => t.changes());
  const thaw = await world.freeze(frozen);
  const heapBefore = await world.devtools.workerHeap();

  await world.server.publish({ count: 5_000, records: RECORDS, size: SIZE });
  await watching.waitForFunction((last) => t.attr(String(last), 'n') === 4_999, 4_999 % RECORDS);
  const heapAfter = await world.devtools.workerHeap();
  expect(heapAfter - heapBefore).toBeLessThan(1_500_000);

  await thaw();
  await frozen.waitForFunction((last) => t.attr(String(last), 'n') === 4_999, 4_999 % RECORDS);
  expect(await converged([watching, frozen])).toBe(savedCards(world.file()));
  const events = (await frozen.evaluate(() => t.changes())) - eventsBefore;
  expect(events).toBeLessThan(10 * RECORDS);
  expect(world.complaints).toEqual([]);
});
