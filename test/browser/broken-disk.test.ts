import { afterEach, beforeEach, expect, it } from 'vitest';
import { asideOnDisk, recordsOnDisk, spoilOutbox, writesOnDisk } from '../support/browser/own-database.ts';
import { seen } from '../support/browser/seen.ts';
import { savedCards } from '../support/browser/server-database.ts';
import { World } from '../support/browser/world.ts';
import { until } from '../support/until.ts';

let world: World;
beforeEach(async () => {
  world = await World.open();
});
afterEach(async () => {
  await world.close();
});

type Tab = Awaited<ReturnType<World['tab']>>;

/** A tab without a server, with one write in the outbox. */
async function queued(): Promise<Tab> {
  const tab = await world.tab();
  await world.server.kill();
  await seen(tab, () => t.status().connection !== 'open');
  await tab.evaluate(() => t.create({ id: 'before', title: 'queued before' }));
  await seen(tab, () => t.pending() === 0);
  return tab;
}

it('[SF6] a browser that clears what the site has stored, and closes the database for it, has it again with all that was queued', async () => {
  const tab = await queued();
  const session = await world.context.newCDPSession(tab);
  const { origin } = new URL(tab.url());
  await session.send('Storage.clearDataForOrigin', { origin, storageTypes: 'indexeddb' });
  await until('it is on the disk again', async () => (await writesOnDisk(tab)) === 1);
  await tab.evaluate(() => t.create({ id: 'after', title: 'queued after' }));
  await seen(tab, () => t.pending() === 0);
  expect([await tab.evaluate(() => [...t.outcomes]), await writesOnDisk(tab)]).toEqual([[202, 202], 2]);
  expect(await tab.evaluate(() => t.status())).toMatchObject({ durable: true, durableReason: null });
  await world.crashBrowser();
  await world.server.start(world.file());
  await world.tab();
  await until('the server has both', () =>
    ['queued before', 'queued after'].every((title) => savedCards(world.file()).includes(title)),
  );
});

it.each([
  ['a pack of rows that are none', { key: 7_000, rows: [{ order: 7_000, mutation: 'lost' }, null] }],
  ['what is no pack', { key: 7_000, rows: 'none' }],
])('[SF10] the next worker puts %s aside, and sends the rest', async (_what, value) => {
  const tab = await queued();
  await spoilOutbox(tab, value);
  expect(await world.workers.kill()).toBe(1);
  await world.server.start(world.file());
  await until('the server has what was queued', () => savedCards(world.file()).includes('queued before'));
  await seen(tab, () => t.status().pending === 0);
  expect((await asideOnDisk(tab)).length).toBeGreaterThan(0);
  await until('nothing is left of it', async () => (await writesOnDisk(tab)) === 0);
  await until('the replica is on the disk', async () => (await recordsOnDisk(tab)) === 1);
  expect(world.complaints).toEqual([]);
});
