import type { Page } from 'playwright-core';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { expectWhole } from '../support/browser/expect-whole.ts';
import { writesOnDisk } from '../support/browser/own-database.ts';
import { seen } from '../support/browser/seen.ts';
import { letTakeOver } from '../support/browser/service-workers.ts';
import { queueTen, writeTen } from '../support/browser/ten-writes.ts';
import { World } from '../support/browser/world.ts';
import { buildOf, TODAY } from '../support/builds/build-of.ts';
import { until } from '../support/until.ts';
import { leads } from './leader/leading.ts';

const LEADER = { host: 'leader' };
const SERVICE = { host: 'service' };
const PAGE = { host: 'page' };

let world: World;
beforeEach(async () => {
  world = await World.open();
});
afterEach(async () => {
  await world.close();
});

const answered = (...pages: Page[]) => Promise.all(pages.map((page) => seen(page, () => t.pending() === 0)));

/** There is a server again, of that build. */
async function online(pages: readonly Page[], build = TODAY): Promise<void> {
  await world.server.start(world.file(), `${build}/server.js`);
  for (const page of pages)
    await page.evaluate(() => {
      t.medulla.reconnect();
    });
}

/** Whether it is stale, how often it was told so, where its hub is, and whether that has the disk. */
const standing = (page: Page) =>
  page.evaluate(() => {
    const { stale, host, durable, durableReason } = t.status();
    return { stale, told: t.stales(), host, durable, durableReason };
  });

/** Another build of the service worker has been installed, and waits. */
async function waiting(page: Page): Promise<void> {
  await page.evaluate(async () => {
    await (await navigator.serviceWorker.ready).update();
  });
  await seen(page, async () => (await navigator.serviceWorker.ready).waiting);
}

it('[VE15] an older page that leads serves a newer one; once that leads, the older one is stale, and stays so whoever leads', async () => {
  const old = await world.tab(LEADER);
  await queueTen(world, old, 'before');
  const next = buildOf('release');
  world.deploy({ build: next });
  const fresh = await world.tab(LEADER);
  await old.bringToFront();
  await until('the old page leads', () => leads(old));
  await writeTen(fresh, 'followed');
  await answered(fresh);
  await fresh.bringToFront();
  await until('the new page leads', () => leads(fresh));
  await seen(old, () => t.status().stale === true);
  await Promise.all([writeTen(old, 'old'), writeTen(fresh, 'fresh')]);
  await answered(old, fresh);
  expect(await writesOnDisk(fresh)).toBe(40);
  await old.bringToFront();
  await until('the old page leads again', () => leads(old));
  await online([old, fresh], next);
  await expectWhole(world, [old, fresh], 40);
  expect(await standing(old)).toMatchObject({ stale: true, told: 1, host: 'leader', durable: true });
  expect(await standing(fresh)).toMatchObject({ stale: false, told: 0, host: 'leader', durable: true });
  await until('one hub has the line', () => world.proxy.connections === 1);
});

it('[VE16] a page of an older protocol follows a newer one, is stale, and leads it nowhere: alone it leaves its database alone', async () => {
  const next = buildOf('protocol');
  world.deploy({ build: next });
  await world.server.kill();
  await world.server.start(world.file(), `${next}/server.js`);
  const fresh = await world.tab(LEADER);
  await queueTen(world, fresh, 'before');
  world.deploy({ build: TODAY });
  const old = await world.tab(LEADER);
  await seen(old, () => t.status().stale === true);
  await writeTen(old, 'followed');
  await answered(old);
  expect(await standing(old)).toMatchObject({ told: 1, host: 'leader', durable: true });
  expect(await writesOnDisk(fresh)).toBe(20);
  await fresh.close();
  await seen(old, () => t.status().durableReason === 'newer');
  await writeTen(old, 'alone');
  expect(await writesOnDisk(old)).toBe(20);
  expect(await standing(old)).toMatchObject({ stale: true, told: 1, host: 'leader', durable: false });
  world.deploy({ build: next });
  const again = await world.tab(LEADER);
  await seen(old, () => t.status().durable === true);
  await online([old, again], next);
  await expectWhole(world, [old, again], 30);
  expect(await standing(old)).toMatchObject({ stale: true, told: 1, host: 'leader', durable: true });
});

it('[VE17] a service worker of an older release serves a newer page; the older page is stale when the newer worker is agreed to', async () => {
  const old = await world.tab(SERVICE);
  await queueTen(world, old, 'before');
  const next = buildOf('release');
  world.deploy({ build: next });
  const fresh = await world.tab(SERVICE);
  await waiting(fresh);
  await Promise.all([writeTen(old, 'old'), writeTen(fresh, 'fresh')]);
  await answered(old, fresh);
  for (const page of [old, fresh])
    expect(await standing(page)).toMatchObject({ stale: false, told: 0, host: 'service', durable: true });
  await letTakeOver(fresh);
  await seen(old, () => t.status().stale === true);
  await Promise.all([writeTen(old, 'old-later'), writeTen(fresh, 'fresh-later')]);
  await online([old, fresh], next);
  await expectWhole(world, [old, fresh], 50);
  expect(await standing(old)).toMatchObject({ stale: true, told: 1, host: 'service', durable: true });
  expect(await standing(fresh)).toMatchObject({ stale: false, told: 0, host: 'service', durable: true });
  await until('one hub has the line', () => world.proxy.connections === 1);
});

it('[VE17] a page of a newer protocol does without an older service worker, and nobody loses what was written meanwhile', async () => {
  const old = await world.tab(SERVICE);
  await queueTen(world, old, 'before');
  const next = buildOf('protocol');
  world.deploy({ build: next });
  const fresh = await world.tab(SERVICE);
  const { host, hostReason, durable, pending } = await fresh.evaluate(() => t.status());
  expect({ host, durable, pending }).toEqual({ host: 'shared', durable: true, pending: 10 });
  expect(hostReason).toContain('The service worker speaks protocol');
  await seen(old, () => t.status().durableReason === 'newer');
  await Promise.all([writeTen(old, 'old'), writeTen(fresh, 'fresh')]);
  await answered(fresh);
  await online([old, fresh], next);
  await seen(old, () => t.status().reason === 'protocol');
  expect(await standing(old)).toMatchObject({ stale: true, told: 1, host: 'service', durable: false });
  await expectWhole(world, [fresh], 20);
  // What is queued in the old page alone goes with the worker that it can speak to.
  await waiting(old);
  await letTakeOver(old);
  await expectWhole(world, [old, fresh], 30);
  await seen(old, () => t.status().durable === true);
  expect(await standing(old)).toMatchObject({ stale: true, told: 1 });
});

it('[VE18] pages of two protocols that are hosts themselves: one has the database, and no write of either is lost', async () => {
  const next = buildOf('protocol');
  const old = await world.tab(PAGE);
  await queueTen(world, old, 'before');
  world.deploy({ build: next });
  await online([old], next);
  await seen(old, () => t.status().reason === 'protocol');
  const fresh = await world.tab(PAGE);
  await seen(fresh, () => t.status().durable === false);
  await Promise.all([writeTen(old, 'old'), writeTen(fresh, 'fresh')]);
  await answered(old, fresh);
  expect(await standing(old)).toMatchObject({ stale: true, told: 1, host: 'page', durable: true });
  expect(await standing(fresh)).toMatchObject({ stale: false, told: 0, host: 'page', durable: false });
  await world.reload(old);
  await expectWhole(world, [old, fresh], 30);
  expect(await standing(old)).toMatchObject({ stale: false, told: 0, host: 'page', durable: true });
});
