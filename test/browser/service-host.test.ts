import type { Page } from 'playwright-core';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { converged } from '../support/browser/converged.ts';
import { expectOnce } from '../support/browser/expect-once.ts';
import { seen } from '../support/browser/seen.ts';
import { appliedMutations, savedCards } from '../support/browser/server-database.ts';
import {
  letTakeOver,
  registerServiceWorker,
  SERVICE_WORKER_PATHS,
  ServiceWorkers,
} from '../support/browser/service-workers.ts';
import { World } from '../support/browser/world.ts';
import { until } from '../support/until.ts';

const SERVICE = { host: 'service' };

let world: World;
let workers: ServiceWorkers;
beforeEach(async () => {
  world = await World.open({ paths: SERVICE_WORKER_PATHS });
  workers = await ServiceWorkers.open(world);
  const page = await world.page('/blank');
  await registerServiceWorker(page);
  await page.close();
});
afterEach(async () => {
  await world.close();
});

const ids = () => appliedMutations(world.file()).map(({ id }) => id);
const hosts = (tabs: readonly Page[]) =>
  Promise.all(tabs.map((tab) => tab.evaluate(() => [t.status().host, t.status().hostReason])));
const create = (tab: Page, name: string, count: number) =>
  tab.evaluate(
    ([name, count]) => {
      for (let n = 0; n < Number(count); n++) t.create({ id: `${name}-${n}`, title: `${n}` });
    },
    [name, count] as const,
  );

/** Nothing is under way any more, and everybody has the same. */
async function quiet(tabs: readonly Page[], count: number): Promise<void> {
  await until('all is applied', () => ids().length >= count);
  await expectOnce(world.file(), tabs, count);
}

it('[SE1] is the host of several tabs, over one socket', async () => {
  const tabs = [await world.tab(SERVICE), await world.tab(SERVICE), await world.tab(SERVICE)];
  expect(await hosts(tabs)).toEqual([
    ['service', null],
    ['service', null],
    ['service', null],
  ]);
  for (const [i, tab] of tabs.entries()) await create(tab, `by-${i}`, 5);
  await quiet(tabs, 15);
  expect(world.proxy.connections).toBe(1);
  expect(await world.devtools.sharedWorkers()).toEqual([]);
  expect(world.complaints).toEqual([]);
});

it('[SE5] stopped while its pushes have no answer, it goes on, and nothing is lost or done twice', async () => {
  const tabs = [await world.tab(SERVICE), await world.tab(SERVICE)] as const;
  world.proxy.hold('down');
  await Promise.all(tabs.map((tab, i) => create(tab, `by-${i}`, 20)));
  await until('the server has had some', () => ids().length > 0);
  await workers.stop();
  await world.proxy.restore();
  await quiet(tabs, 40);
  expect(world.proxy.connections).toBe(1);
  expect(await hosts(tabs)).toEqual([
    ['service', null],
    ['service', null],
  ]);
});

it('[SE5] stopped again and again with writes queued offline, it loses none', async () => {
  const tabs = [await world.tab(SERVICE), await world.tab(SERVICE)] as const;
  await world.server.kill();
  for (let round = 0; round < 3; round++) {
    await Promise.all(tabs.map((tab, i) => create(tab, `by-${i}-${round}`, 5)));
    await workers.stop();
  }
  await Promise.all(tabs.map((tab) => seen(tab, () => t.pending() === 0)));
  await world.server.start(world.file());
  await quiet(tabs, 30);
});

it('[SE5] stopped while nothing is under way, it is started by its tabs, and goes on from its cursors', async () => {
  const tabs = [await world.tab(SERVICE), await world.tab(SERVICE)] as const;
  await world.server.publish({ count: 100, records: 100, size: 10_000 });
  await Promise.all(tabs.map((tab) => seen(tab, () => t.cards.length === 100)));
  const whole = world.proxy.bytes.down;
  expect(whole).toBeGreaterThan(1_000_000);
  await world.server.kill();
  await workers.stop();
  await world.server.start(world.file());
  await world.server.publish({ count: 1, records: 1, size: 20 });
  await Promise.all(tabs.map((tab) => seen(tab, () => String(t.attr('0', 'text')).length === 20)));
  expect(await converged(tabs)).toBe(savedCards(world.file()));
  expect(world.proxy.bytes.down - whole).toBeLessThan(100_000);
  expect(world.proxy.connections).toBe(1);
});

it('[SE3] hands over to a new version of itself, and the tabs follow', async () => {
  const tabs = [await world.tab(SERVICE), await world.tab(SERVICE)] as const;
  await world.server.kill();
  await Promise.all(tabs.map((tab, i) => create(tab, `before-${i}`, 5)));
  await Promise.all(tabs.map((tab) => seen(tab, () => t.pending() === 0)));
  await tabs[0].evaluate(async () => {
    await navigator.serviceWorker.register('/service-worker.js?2', { type: 'module' });
  });
  await seen(tabs[0], async () => (await navigator.serviceWorker.getRegistration())?.waiting);
  // Without a word to the old one this would be five minutes: longer than a test may take.
  await letTakeOver(tabs[0]);
  await Promise.all(tabs.map((tab, i) => create(tab, `after-${i}`, 5)));
  await world.server.start(world.file());
  await quiet(tabs, 20);
  await until('one socket is left', () => world.proxy.connections === 1);
  expect(await hosts(tabs)).toEqual([
    ['service', null],
    ['service', null],
  ]);
});

it('[SE4] agrees with a page that has a SharedWorker: the database does not go to and fro', async () => {
  const shared = await world.tab();
  const service = await world.tab(SERVICE);
  await create(service, 'service', 3);
  await create(shared, 'shared', 3);
  await quiet([shared, service], 6);
  let writes = 6;
  await until('both have one host', async () => {
    for (const tab of [service, shared]) await create(tab, `more-${writes++}`, 1);
    await Promise.all([shared, service].map((tab) => seen(tab, () => t.pending() === 0)));
    const [one, two] = await hosts([shared, service]);
    return one?.[0] === 'shared' && two?.[0] === 'shared';
  });
  await quiet([shared, service], writes);
});
