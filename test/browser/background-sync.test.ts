import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import type { WorldOptions } from '../support/browser/engine-world.ts';
import { seen } from '../support/browser/seen.ts';
import { appliedMutations, savedCards, unexplainedEffects } from '../support/browser/server-database.ts';
import {
  registerServiceWorker,
  SERVICE_WORKER_PATHS,
  ServiceWorkers,
} from '../support/browser/service-workers.ts';
import { World } from '../support/browser/world.ts';
import { until } from '../support/until.ts';

let world: World;
let workers: ServiceWorkers;
async function open(options: WorldOptions = {}): Promise<void> {
  world = await World.open({ ...options, paths: SERVICE_WORKER_PATHS });
  workers = await ServiceWorkers.open(world);
}
afterEach(async () => {
  await world.close();
});

const ids = () => appliedMutations(world.file()).map(({ id }) => id);

/** A tab that writes ten cards with the server gone, and is closed; its hub goes too. */
async function writtenAndLeft(options: Readonly<Record<string, unknown>> = {}): Promise<void> {
  const tab = await world.tab(options);
  await registerServiceWorker(tab);
  await world.server.kill();
  await tab.evaluate(() => {
    for (let n = 0; n < 10; n++) t.create({ id: `card-${n}`, title: `${n}` });
  });
  await seen(tab, () => t.pending() === 0);
  await tab.evaluate(async () => {
    const { sync } = (await navigator.serviceWorker.ready) as unknown as {
      sync: { getTags(): Promise<string[]> };
    };
    document.title = (await sync.getTags()).join();
  });
  expect(await tab.title()).toBe('medulla');
  await tab.close();
  await world.devtools.killSharedWorkers();
}

it('[BG6] [BG10] sends what was written without a server once there is one, with no tab open', async () => {
  await open();
  await writtenAndLeft();
  await workers.stop();
  await world.server.start(world.file());
  await workers.sync();
  await until('the server has them', () => ids().length === 10);
  expect(new Set(ids()).size).toBe(10);
  expect(unexplainedEffects(world.file())).toEqual([]);
  const tab = await world.tab();
  await seen(tab, () => t.status().pending === 0);
  expect(await tab.evaluate(() => t.snapshot())).toBe(savedCards(world.file()));
  expect(ids()).toHaveLength(10);
});

it.each([
  ['the cookie', {}],
  ['the token that the application had it keep', { token: 'of ann', keepToken: true }],
])('[BG2] [BG11] is its user by %s', async (by, options) => {
  await open({ script: join(import.meta.dirname, '../support/browser/guarded-server.ts') });
  if (by === 'the cookie')
    await world.context.addCookies([
      { name: 'session', value: 'ann', url: `http://127.0.0.1:${world.proxy.port}` },
    ]);
  await writtenAndLeft({ user: 'ann', ...options });
  await workers.stop();
  await world.server.start(world.file());
  await workers.sync();
  await until('the server has them', () => ids().length === 10);
  expect([new Set(ids()).size, unexplainedEffects(world.file())]).toEqual([10, []]);
});

it('[BG8] sends nothing that its user has sealed', async () => {
  await open();
  await writtenAndLeft();
  const tab = await world.tab();
  await tab.evaluate(() => t.medulla.signOut({ outbox: 'keep' }));
  await tab.close();
  await world.devtools.killSharedWorkers();
  await world.server.start(world.file());
  await workers.sync();
  // What it would have sent it would have sent before the card that a page of another user writes now.
  const other = await world.tab({ user: 'bob', url: '/bob/cards', routes: ['/bob/cards'] });
  await other.evaluate(() => t.create({ id: 'later', title: 'by bob' }, { wait: true }));
  await seen(other, () => t.pending() === 0);
  expect(ids()).toHaveLength(1);
});

it('[BG9] races with the hub of a page that opens at that moment: all is there once', async () => {
  await open();
  await writtenAndLeft();
  await world.server.start(world.file());
  const [tab] = await Promise.all([world.tab(), workers.sync()]);
  await seen(tab, () => t.status().pending === 0 && t.status().connection === 'open');
  await until('the server has them', () => ids().length === 10);
  expect(new Set(ids()).size).toBe(10);
  expect(unexplainedEffects(world.file())).toEqual([]);
  expect(await tab.evaluate(() => t.snapshot())).toBe(savedCards(world.file()));
});

it('[BG9] stopped when the server has had the push, and its answer is on the way, it does nothing twice', async () => {
  await open();
  await writtenAndLeft();
  await world.server.start(world.file());
  world.proxy.delay(1_000);
  await workers.sync();
  await until('the server has them', () => ids().length === 10);
  await workers.stop();
  world.proxy.delay(0);
  await workers.sync();
  const tab = await world.tab();
  await seen(tab, () => t.status().pending === 0 && t.status().connection === 'open');
  expect([ids().length, new Set(ids()).size]).toEqual([10, 10]);
  expect(unexplainedEffects(world.file())).toEqual([]);
  expect(await tab.evaluate(() => t.snapshot())).toBe(savedCards(world.file()));
});
