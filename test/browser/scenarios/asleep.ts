import { expect } from 'vitest';
import { WINDOW } from '../../../src/protocol/tab-terms.ts';
import { converged } from '../../support/browser/converged.ts';
import type { EngineWorld } from '../../support/browser/engine-world.ts';
import { seen } from '../../support/browser/seen.ts';
import { savedCards } from '../../support/browser/server-database.ts';
import { scenario } from '../acceptance/scenario.ts';

const RECORDS = 50;
const CHANGES = 5_000;
const SIZE = 1_000;
/** A twentieth of what the changes carry would be 250 kB; a heap is noisier than that, and still far from their 5 MB. */
const MEMORY = 1_500_000;

/**
 * Measured: bytes in use on the worker's heap after a forced collection, before the 5,000 changes and after them, the
 * tab still asleep. The changes carry 5 MB; what a hub may keep for the tab is the latest of each of 50 records.
 */
async function catchesUp(world: EngineWorld, how: 'freeze' | 'stop'): Promise<void> {
  const [asleep, watching] = await world.tabs(2);
  await world.server.publish({ count: RECORDS, records: RECORDS, size: SIZE });
  for (const tab of [watching, asleep]) await seen(tab, (count) => t.cards.length === count, RECORDS);
  const before = await asleep.evaluate(() => t.changes());
  const wake = await world.engine[how]?.(asleep);
  const heapBefore = await world.workers.heap();

  await world.server.publish({ count: CHANGES, records: RECORDS, size: SIZE });
  await seen(watching, (last) => t.attr('49', 'n') === last, CHANGES - 1);
  const heapAfter = await world.workers.heap();
  expect(heapAfter - heapBefore).toBeLessThan(MEMORY);

  await wake?.();
  await seen(asleep, (last) => t.attr('49', 'n') === last, CHANGES - 1);
  expect(await converged([watching, asleep])).toBe(savedCards(world.file()));
  const events = (await asleep.evaluate(() => t.changes())) - before;
  expect(events).toBeGreaterThan(0);
  // A window of batches was on its way when it stopped; all the rest is one.
  expect(events).toBeLessThanOrEqual((WINDOW + 1) * RECORDS);
}

/** A tab that does nothing for a while. */
export const asleep = [
  scenario(
    '[BX7] a tab that is frozen, and told so, catches up with 5,000 changes; no more is kept than the latest of each',
    (world) => catchesUp(world, 'freeze'),
    { needs: ['own worker', 'workers', 'sleep'] },
  ),
  scenario(
    '[BX7] a tab that is stopped without a word catches up with 5,000 changes; no more is kept than the latest of each',
    (world) => catchesUp(world, 'stop'),
    { needs: ['own worker', 'workers', 'sleep'] },
  ),
];
