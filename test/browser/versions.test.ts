import type { Page } from 'playwright-core';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { expectWhole } from '../support/browser/expect-whole.ts';
import { writesOnDisk } from '../support/browser/own-database.ts';
import { seen } from '../support/browser/seen.ts';
import { appliedMutations } from '../support/browser/server-database.ts';
import { queueTen, writeTen } from '../support/browser/ten-writes.ts';
import { World } from '../support/browser/world.ts';
import { buildOf, TODAY } from '../support/builds/build-of.ts';

let world: World;
beforeEach(async () => {
  world = await World.open();
});
afterEach(async () => {
  await world.close();
});

/** The database's schema, as the browser counts it. */
const schemaOf = (page: Page) => page.evaluate(async () => (await indexedDB.databases())[0]?.version);

it('[VE11] a server of a newer protocol: the old page is stale, its writes wait for the reload', async () => {
  const next = buildOf('protocol');
  const page = await world.tab();
  await queueTen(world, page, 'before');
  await world.server.start(world.file(), `${next}/server.js`);
  await page.evaluate(() => t.medulla.reconnect());
  await seen(page, () => t.status().stale === true);
  expect(await page.evaluate(() => t.status())).toMatchObject({
    connection: 'paused',
    reason: 'protocol',
    message: expect.stringContaining('reload the page'),
    pending: 10,
    durable: true,
  });
  await writeTen(page, 'paused');
  await seen(page, () => t.pending() === 0);
  expect(await page.evaluate(() => [t.stales(), t.status().pending])).toEqual([1, 20]);
  world.deploy({ build: next });
  await world.reload(page);
  await expectWhole(world, [page], 20);
  expect(await page.evaluate(() => [t.status().stale, t.status().connection])).toEqual([false, 'open']);
});

it('[VE11] a server of an older protocol: the new page says so and is not stale, its writes wait for the server', async () => {
  const next = buildOf('protocol');
  const old = await world.tab();
  await queueTen(world, old, 'before');
  world.deploy({ build: next });
  const fresh = await world.tab();
  await world.server.start(world.file());
  await fresh.evaluate(() => t.medulla.reconnect());
  await seen(fresh, () => t.status().reason === 'old-server');
  expect(await fresh.evaluate(() => t.status())).toMatchObject({
    connection: 'paused',
    message: expect.stringContaining('the server has not been deployed yet'),
    pending: 10,
    stale: false,
  });
  await Promise.all([writeTen(old, 'old'), writeTen(fresh, 'fresh')]);
  for (const page of [old, fresh]) await seen(page, () => t.pending() === 0);
  expect(appliedMutations(world.file())).toEqual([]);
  await world.server.kill();
  await world.server.start(world.file(), `${next}/server.js`);
  await fresh.evaluate(() => t.medulla.reconnect());
  await expectWhole(world, [old, fresh], 30);
});

it('[LE11] an older page that leads makes way for a newer one, with what it has queued, and is told that it is stale', async () => {
  const next = buildOf('protocol');
  const old = await world.tab({ host: 'leader' });
  await queueTen(world, old, 'before');
  world.deploy({ build: next });
  const fresh = await world.tab({ host: 'leader' });
  await seen(old, () => t.status().stale === true);
  expect(await fresh.evaluate(() => [t.status().host, t.status().durable])).toEqual(['leader', true]);
  await Promise.all([writeTen(old, 'old'), writeTen(fresh, 'fresh')]);
  for (const page of [old, fresh]) await seen(page, () => t.pending() === 0);
  expect(await writesOnDisk(fresh)).toBe(30);
  await world.server.start(world.file(), `${next}/server.js`);
  await fresh.evaluate(() => t.medulla.reconnect());
  await expectWhole(world, [old, fresh], 30);
});

it('[VE12] a database of an older schema is upgraded under an open page, with what is queued in it', async () => {
  const old = await world.tab();
  const before = await schemaOf(old);
  await queueTen(world, old, 'before');
  world.deploy({ build: buildOf('schema') });
  const fresh = await world.tab();
  expect(await fresh.evaluate(() => [t.status().durable, t.status().pending])).toEqual([true, 10]);
  expect(await schemaOf(fresh)).toBe(Number(before) + 1);
  await seen(old, () => t.status().stale === true);
  await Promise.all([writeTen(old, 'old'), writeTen(fresh, 'fresh')]);
  for (const page of [old, fresh]) await seen(page, () => t.pending() === 0);
  expect(await writesOnDisk(fresh)).toBe(30);
  await world.server.start(world.file());
  await expectWhole(world, [old, fresh], 30);
});

it('[VE12] a connection that does not give way keeps the upgrade waiting: in memory so long, and durable afterwards', async () => {
  const old = await world.tab();
  await queueTen(world, old, 'before');
  await old.close();
  const guest = await world.page('/storage');
  await guest.evaluate(async () => {
    const [{ name = '' } = {}] = await indexedDB.databases();
    await new Promise((resolve) => {
      indexedDB.open(name).onsuccess = resolve;
    });
  });
  await world.server.start(world.file());
  // No worker that still has it open, and gives way, is to end this before it began.
  world.deploy({ build: buildOf('schema') });
  const fresh = await world.tab();
  await seen(fresh, () => t.status().durableReason === 'blocked');
  expect(await fresh.evaluate(() => t.status().durable)).toBe(false);
  await writeTen(fresh, 'fresh');
  await seen(fresh, () => t.pending() === 0);
  await guest.close();
  await seen(fresh, () => t.status().durable === true);
  await expectWhole(world, [fresh], 20);
});

it('[VE13] a database of a newer schema is left alone by an older page, which works in memory and says so', async () => {
  const next = buildOf('schema');
  world.deploy({ build: next });
  const fresh = await world.tab();
  const schema = await schemaOf(fresh);
  await queueTen(world, fresh, 'kept');
  await world.crashBrowser();
  world.deploy({ build: TODAY });
  await world.server.start(world.file());
  const old = await world.tab();
  await seen(old, () => t.status().durableReason === 'newer');
  expect(await old.evaluate(() => [t.status().durable, t.status().pending])).toEqual([false, 0]);
  await writeTen(old, 'old');
  await seen(old, () => t.pending() === 0);
  expect(await old.evaluate(() => t.outcomes.every((status) => status === 200))).toBe(true);
  expect([await schemaOf(old), await writesOnDisk(old)]).toEqual([schema, 10]);
  // A deploy forward again: what waited in the newer database goes.
  world.deploy({ build: next });
  await world.crashBrowser();
  const again = await world.tab();
  await expectWhole(world, [again], 20);
});
