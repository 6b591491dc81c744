import type { Page } from 'playwright-core';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { expectOnce } from '../support/browser/expect-once.ts';
import { writesOnDisk } from '../support/browser/own-database.ts';
import { seen } from '../support/browser/seen.ts';
import { until } from '../support/browser/until.ts';
import { World } from '../support/browser/world.ts';
import { buildOf } from '../support/builds/build-of.ts';
import { leads } from './leader/leading.ts';

const today = new URL('../../dist', import.meta.url).pathname;
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

const write = (page: Page, name: string): Promise<void> =>
  page.evaluate((name) => {
    for (let n = 0; n < 10; n++) t.create({ id: `${name}-${n}`, by: name });
  }, name);

const answered = (...pages: Page[]) => Promise.all(pages.map((page) => seen(page, () => t.pending() === 0)));

/** There is no server, and the page knows. */
async function offline(page: Page): Promise<void> {
  await world.server.kill();
  await seen(page, () => t.status().connection !== 'open');
}

/** There is a server again, of that build. */
async function online(pages: readonly Page[], build = today): Promise<void> {
  await world.server.start(world.file(), `${build}/server.js`);
  for (const page of pages)
    await page.evaluate(() => {
      t.medulla.reconnect();
    });
}

async function expectWhole(pages: readonly Page[], writes: number): Promise<void> {
  await expectOnce(world.file(), pages, writes);
  expect(world.complaints).toEqual([]);
}

/** Whether it is stale, how often it was told so, where its hub is, and whether that has the disk. */
const standing = (page: Page) =>
  page.evaluate(() => {
    const { stale, host, durable, durableReason } = t.status();
    return { stale, told: t.stales(), host, durable, durableReason };
  });

/** The version of the service worker that waits takes over, with what the page says. */
const agree = (page: Page): Promise<void> =>
  page.evaluate(async () => {
    const { serviceWorker } = navigator;
    const registration = await serviceWorker.ready;
    const changed = new Promise((resolve) =>
      serviceWorker.addEventListener('controllerchange', resolve, { once: true }),
    );
    registration.waiting?.postMessage({ type: 'SKIP_WAITING' });
    await changed;
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
  await offline(old);
  await write(old, 'before');
  await answered(old);
  const next = buildOf('release');
  world.deploy({ build: next });
  const fresh = await world.tab(LEADER);
  await old.bringToFront();
  await until('the old page leads', () => leads(old));
  await write(fresh, 'followed');
  await answered(fresh);
  await fresh.bringToFront();
  await until('the new page leads', () => leads(fresh));
  await seen(old, () => t.status().stale === true);
  await Promise.all([write(old, 'old'), write(fresh, 'fresh')]);
  await answered(old, fresh);
  expect(await writesOnDisk(fresh)).toBe(40);
  await old.bringToFront();
  await until('the old page leads again', () => leads(old));
  await online([old, fresh], next);
  await expectWhole([old, fresh], 40);
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
  await offline(fresh);
  await write(fresh, 'before');
  await answered(fresh);
  world.deploy({ build: today });
  const old = await world.tab(LEADER);
  await seen(old, () => t.status().stale === true);
  await write(old, 'followed');
  await answered(old);
  expect(await standing(old)).toMatchObject({ told: 1, host: 'leader', durable: true });
  expect(await writesOnDisk(fresh)).toBe(20);
  await fresh.close();
  await seen(old, () => t.status().durableReason === 'newer');
  await write(old, 'alone');
  expect(await writesOnDisk(old)).toBe(20);
  expect(await standing(old)).toMatchObject({ stale: true, told: 1, host: 'leader', durable: false });
  world.deploy({ build: next });
  const again = await world.tab(LEADER);
  await seen(old, () => t.status().durable === true);
  await online([old, again], next);
  await expectWhole([old, again], 30);
  expect(await standing(old)).toMatchObject({ stale: true, told: 1, host: 'leader', durable: true });
});

it('[VE17] a service worker of an older release serves a newer page; the older page is stale when the newer worker is agreed to', async () => {
  const old = await world.tab(SERVICE);
  await offline(old);
  await write(old, 'before');
  await answered(old);
  const next = buildOf('release');
  world.deploy({ build: next });
  const fresh = await world.tab(SERVICE);
  await waiting(fresh);
  await Promise.all([write(old, 'old'), write(fresh, 'fresh')]);
  await answered(old, fresh);
  for (const page of [old, fresh])
    expect(await standing(page)).toMatchObject({ stale: false, told: 0, host: 'service', durable: true });
  await agree(fresh);
  await seen(old, () => t.status().stale === true);
  await Promise.all([write(old, 'old-later'), write(fresh, 'fresh-later')]);
  await online([old, fresh], next);
  await expectWhole([old, fresh], 50);
  expect(await standing(old)).toMatchObject({ stale: true, told: 1, host: 'service', durable: true });
  expect(await standing(fresh)).toMatchObject({ stale: false, told: 0, host: 'service', durable: true });
  await until('one hub has the line', () => world.proxy.connections === 1);
});

it('[VE17] a page of a newer protocol does without an older service worker, and nobody loses what was written meanwhile', async () => {
  const old = await world.tab(SERVICE);
  await offline(old);
  await write(old, 'before');
  await answered(old);
  const next = buildOf('protocol');
  world.deploy({ build: next });
  const fresh = await world.tab(SERVICE);
  const { host, hostReason, durable, pending } = await fresh.evaluate(() => t.status());
  expect({ host, durable, pending }).toEqual({ host: 'shared', durable: true, pending: 10 });
  expect(hostReason).toContain('The service worker speaks protocol');
  await seen(old, () => t.status().durableReason === 'newer');
  await Promise.all([write(old, 'old'), write(fresh, 'fresh')]);
  await answered(fresh);
  await online([old, fresh], next);
  await seen(old, () => t.status().reason === 'protocol');
  expect(await standing(old)).toMatchObject({ stale: true, told: 1, host: 'service', durable: false });
  await expectWhole([fresh], 20);
  // What is queued in the old page alone goes with the worker that it can speak to.
  await waiting(old);
  await agree(old);
  await expectWhole([old, fresh], 30);
  await seen(old, () => t.status().durable === true);
  expect(await standing(old)).toMatchObject({ stale: true, told: 1 });
});

it('[VE18] pages of two protocols that are hosts themselves: one has the database, and no write of either is lost', async () => {
  const next = buildOf('protocol');
  const old = await world.tab(PAGE);
  await offline(old);
  await write(old, 'before');
  await answered(old);
  world.deploy({ build: next });
  await online([old], next);
  await seen(old, () => t.status().reason === 'protocol');
  const fresh = await world.tab(PAGE);
  await seen(fresh, () => t.status().durable === false);
  await Promise.all([write(old, 'old'), write(fresh, 'fresh')]);
  await answered(old, fresh);
  expect(await standing(old)).toMatchObject({ stale: true, told: 1, host: 'page', durable: true });
  expect(await standing(fresh)).toMatchObject({ stale: false, told: 0, host: 'page', durable: false });
  await world.reload(old);
  await expectWhole([old, fresh], 30);
  expect(await standing(old)).toMatchObject({ stale: false, told: 0, host: 'page', durable: true });
});
