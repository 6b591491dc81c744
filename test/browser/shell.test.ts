import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { seen } from '../support/browser/seen.ts';
import { appliedMutations } from '../support/browser/server-database.ts';
import { ShellSite } from '../support/browser/shell-site.ts';
import { World } from '../support/browser/world.ts';

/** The build whose page registers no service worker. */
const WITHOUT = 0;

let world: World;
let site: ShellSite;
beforeEach(async () => {
  world = await World.open();
  site = new ShellSite(`http://127.0.0.1:${world.proxy.port}`);
  site.deploy(1);
  await site.start();
});
afterEach(async () => {
  site.stop();
  await world.close();
});

/** Opens the application and waits until it is there offline. */
async function opened(path = ''): Promise<Page> {
  const page = await world.context.newPage();
  await page.goto(site.url + path);
  await seen(page, () => shell.ready);
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready;
  });
  return page;
}

async function offline(): Promise<void> {
  site.stop();
  await world.server.kill();
}

async function online(): Promise<void> {
  await site.start();
  await world.server.start(world.file());
}

/** As the browser does by itself now and then; resolves with whether a new version waits. */
const update = (page: Page): Promise<boolean> =>
  page.evaluate(async () => {
    const registration = await navigator.serviceWorker.ready;
    const next = (await registration.update().catch(() => registration)) as ServiceWorkerRegistration;
    const worker = next.installing;
    while (worker?.state === 'installing')
      await new Promise((resolve) => worker.addEventListener('statechange', resolve, { once: true }));
    return registration.waiting !== null;
  });

/** The person at this page agrees to the new version: it takes over, and the page reloads. */
async function accept(page: Page): Promise<void> {
  const reloaded = page.waitForEvent('load');
  await page.evaluate(async () => shell.accept(await navigator.serviceWorker.ready));
  await reloaded;
  await seen(page, () => shell.ready);
}

async function reload(page: Page, url = page.url()): Promise<void> {
  await page.goto(url);
  await seen(page, () => shell.ready);
}

/** Writes without a server: on the disk, once it resolves. */
async function writeOffline(page: Page, id: string): Promise<void> {
  const before = await page.evaluate(() => Number(shell.medulla.status.toJSON().pending));
  await page.evaluate((id) => void shell.cards.create({ id }), id);
  await seen(page, (before) => Number(shell.medulla.status.toJSON().pending) > before, before);
}

const shells = (page: Page) => page.evaluate(() => caches.keys());

it('[SH1] serves an application below another path, its routes too, and leaves the server its own', async () => {
  const page = await opened();
  await offline();
  await reload(page, `${site.url}lists/7/cards?of=mine`);
  expect(await page.title()).toBe('Build 1');
  await writeOffline(page, 'a');
  expect(await page.evaluate(() => shell.medulla.status.toJSON())).toMatchObject({
    host: 'shared',
    durable: true,
    pending: 1,
  });
  await online();
  for (const path of ['print/7', 'medulla/health', 'socket.io/x']) {
    await page.goto(site.url + path);
    expect(await page.textContent('body')).toBe('The server says 404');
  }
});

it('[SH2] goes through two deploys, offline before and after each, and keeps what was written', async () => {
  const page = await opened();
  for (const build of [1, 2, 3]) {
    await offline();
    await reload(page);
    expect(await page.title()).toBe(`Build ${build}`);
    expect(await page.evaluate(() => shell.lazy())).toBe(`lazy of ${build}`);
    await writeOffline(page, `of-${build}`);
    if (build < 3) site.deploy(build + 1);
    await online();
    // The version that is there serves until somebody agrees to the next.
    await reload(page);
    expect(await page.title()).toBe(`Build ${build}`);
    if (build === 3) break;
    expect(await update(page)).toBe(true);
    await accept(page);
    expect(await page.title()).toBe(`Build ${build + 1}`);
  }
  await seen(page, () => shell.medulla.status.toJSON().pending === 0);
  expect(appliedMutations(world.file()).map(({ record }) => record)).toEqual(['of-1', 'of-2', 'of-3']);
});

it('[SH3] lets a page of the version before have its own files until it reloads, and keeps no more than two versions', async () => {
  const page = await opened();
  const other = await opened();
  site.deploy(2);
  expect(await update(page)).toBe(true);
  await accept(page);
  expect(await other.title()).toBe('Build 1');
  site.stop();
  expect(await other.evaluate(() => shell.lazy())).toBe('lazy of 1');
  expect(await page.evaluate(() => shell.lazy())).toBe('lazy of 2');
  expect(await shells(page)).toHaveLength(2);
  await reload(other);
  expect(await other.title()).toBe('Build 2');
  site.deploy(3);
  await site.start();
  expect(await update(page)).toBe(true);
  await accept(page);
  expect(await page.title()).toBe('Build 3');
  expect(await shells(page)).toHaveLength(2);
});

it('[SH4] goes on with the version that is there where a deploy is broken, and takes the deploy that mends it', async () => {
  const page = await opened();
  site.deploy(2);
  site.broken.add('assets/lazy-2.js');
  expect(await update(page)).toBe(false);
  expect(await shells(page)).toHaveLength(1);
  site.stop();
  await reload(page);
  expect(await page.title()).toBe('Build 1');
  expect(await page.evaluate(() => shell.lazy())).toBe('lazy of 1');
  site.broken.clear();
  await site.start();
  expect(await update(page)).toBe(true);
  await accept(page);
  expect(await page.title()).toBe('Build 2');
});

/** The kill switch in the place of the service worker, beside another build. */
async function killed(page: Page, build: number): Promise<void> {
  site.deploy(build);
  const script = join(import.meta.dirname, '../../dist/no-service-worker.js');
  site.replaced.set('service-worker.js', readFileSync(script, 'utf8'));
  const reloaded = page.waitForEvent('load');
  void update(page).catch(() => undefined);
  await reloaded;
  await seen(page, () => shell.ready);
  expect(await page.title()).toBe(`Build ${build}`);
}

it('[SH5] is undone by the kill switch at its address: nothing of it is left, and no write is touched', async () => {
  const page = await opened();
  await world.server.kill();
  await writeOffline(page, 'kept');
  await killed(page, WITHOUT);
  await seen(page, async () => (await navigator.serviceWorker.getRegistrations()).length === 0);
  expect(await shells(page)).toEqual([]);
  expect(await page.evaluate(() => navigator.serviceWorker.controller)).toBeNull();
  expect(await page.evaluate(() => shell.medulla.status.toJSON().pending)).toBe(1);
  await world.server.start(world.file());
  await seen(page, () => shell.medulla.status.toJSON().pending === 0);
  expect(appliedMutations(world.file()).map(({ record }) => record)).toEqual(['kept']);
});

it('[SH5] reloads a page once that registers the kill switch in its turn, and stands in the way of no deploy', async () => {
  const page = await opened();
  await killed(page, 2);
  await page.evaluate(() => Object.assign(globalThis, { mark: true }));
  await update(page);
  expect(await page.evaluate(() => 'mark' in globalThis)).toBe(true);
  site.deploy(3);
  await reload(page);
  expect([await page.title(), await shells(page)]).toEqual(['Build 3', []]);
});
