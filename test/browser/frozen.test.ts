import { afterEach, beforeEach, expect, it } from 'vitest';
import { WINDOW } from '../../src/protocol/tab-terms.ts';
import { savedCards } from '../support/browser/server-database.ts';
import { converged, seen, World } from '../support/browser/world.ts';

const RECORDS = 50;
const CHANGES = 5_000;
const SIZE = 1_000;
/** A twentieth of what the changes carry would be 250 kB; a heap is noisier than that, and still far from their 5 MB. */
const MEMORY = 1_500_000;

let world: World;
beforeEach(async () => {
  world = await World.open();
});
afterEach(async () => {
  await world.close();
});

/**
 * Measured: bytes in use on the worker's heap after a forced collection, before the 5,000 changes and after them, the
 * tab still asleep. The changes carry 5 MB; what a hub may keep for the tab is the latest of each of 50 records.
 * `frozen`: by the browser, which tells the page before; `stopped`: between two statements, without a word.
 */
it.each(['frozen', 'stopped'] as const)(
  '[BX7] lets a tab that is %s catch up with 5,000 changes, and keeps no more than the latest of each',
  async (how) => {
    const [asleep, watching] = await world.tabs(2);
    await world.server.publish({ count: RECORDS, records: RECORDS, size: SIZE });
    for (const tab of [watching, asleep]) await seen(tab, (count) => t.cards.length === count, RECORDS);
    const before = await asleep.evaluate(() => t.changes());
    const wake = await (how === 'frozen' ? world.freeze(asleep) : world.stop(asleep));
    const heapBefore = await world.devtools.workerHeap();

    await world.server.publish({ count: CHANGES, records: RECORDS, size: SIZE });
    await seen(watching, (last) => t.attr('49', 'n') === last, CHANGES - 1);
    const heapAfter = await world.devtools.workerHeap();
    expect(heapAfter - heapBefore).toBeLessThan(MEMORY);

    await wake();
    await seen(asleep, (last) => t.attr('49', 'n') === last, CHANGES - 1);
    expect(await converged([watching, asleep])).toBe(savedCards(world.file()));
    const events = (await asleep.evaluate(() => t.changes())) - before;
    expect(events).toBeGreaterThan(0);
    // A window of batches was on its way when it stopped; all the rest is one.
    expect(events).toBeLessThanOrEqual((WINDOW + 1) * RECORDS);
    expect(world.complaints).toEqual([]);
  },
);
