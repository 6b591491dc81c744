import type { Page } from 'playwright-core';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { converged } from '../support/browser/converged.ts';
import { expectWhole } from '../support/browser/expect-whole.ts';
import { seen } from '../support/browser/seen.ts';
import { savedCards } from '../support/browser/server-database.ts';
import { slotOf } from '../support/browser/slot-of.ts';
import { writeTen } from '../support/browser/ten-writes.ts';
import { World } from '../support/browser/world.ts';
import { buildOf, TODAY } from '../support/builds/build-of.ts';
import { until } from '../support/until.ts';

let world: World;
beforeEach(async () => {
  world = await World.open();
});
afterEach(async () => {
  await world.close();
});

/** Ten cards of a page's own, and a write to the card of all. */
async function write(page: Page, name: string): Promise<void> {
  await writeTen(page, name);
  await page.evaluate((name) => {
    if (t.cards.get('shared')) t.edit('shared', { [name]: true });
    else t.create({ id: 'shared', [name]: true });
  }, name);
}

const settled = (pages: readonly Page[]) =>
  Promise.all(pages.map((page) => seen(page, () => t.pending() === 0 && t.status().pending === 0)));

it('[VE6] a deploy under an open page: the old page comes to the new worker, is told that it is stale, and goes on writing', async () => {
  const old = await world.tab();
  await write(old, 'before');
  await settled([old]);
  world.deploy({ build: buildOf('release') });
  const fresh = await world.tab();
  await seen(old, () => t.status().stale === true);
  expect(await old.evaluate(() => t.stales())).toBe(1);
  expect(await fresh.evaluate(() => [t.status().stale, t.stales()])).toEqual([false, 0]);
  await Promise.all([write(old, 'old'), write(fresh, 'fresh')]);
  await expectWhole(world, [old, fresh], 33);
  await until('one hub has the line', () => world.proxy.connections === 1);
  await world.reload(old);
  expect(await old.evaluate(() => [t.status().stale, t.status().host])).toEqual([false, 'shared']);
  await write(old, 'reloaded');
  await expectWhole(world, [old, fresh], 44);
});

it('[VE7] a deploy while writes are queued: the new worker sends them, and what the old page writes without a server', async () => {
  const old = await world.tab();
  await world.server.kill();
  await seen(old, () => t.status().connection !== 'open');
  await write(old, 'queued');
  await seen(old, () => t.pending() === 0);
  world.deploy({ build: buildOf('release') });
  const fresh = await world.tab();
  expect(await fresh.evaluate(() => t.status().pending)).toBe(11);
  await seen(old, () => t.status().stale === true);
  await Promise.all([write(old, 'old'), write(fresh, 'fresh')]);
  await Promise.all([old, fresh].map((page) => seen(page, () => t.pending() === 0)));
  expect(await fresh.evaluate(() => t.outcomes.every((status) => status === 202))).toBe(true);
  const offline = await converged([old, fresh]);
  await old.close();
  await world.server.start(world.file());
  await settled([fresh]);
  await expectWhole(world, [fresh], 33);
  expect(await converged([fresh])).toBe(offline);
  expect(savedCards(world.file())).toContain('"old":true');
});

it('[VE8] two worker scripts at once, with hashed names: the newer one has the slot, whichever page comes after it', async () => {
  const hashed = (name: string) => ({ worker: `/worker-${name}.js` });
  world.deploy({ build: TODAY, hashed: '/worker-today.js' });
  const old = await world.tab(hashed('today'));
  await write(old, 'before');
  world.deploy({ build: buildOf('release'), hashed: '/worker-next.js' });
  const fresh = await world.tab(hashed('next'));
  await seen(old, () => t.status().stale === true);
  // Another old page, out of a cache, whose own script is gone: it takes nothing back.
  world.deploy({ build: TODAY, hashed: '/worker-next.js' });
  const late = await world.tab(hashed('today'));
  expect(await late.evaluate(() => [t.status().stale, t.status().host])).toEqual([true, 'shared']);
  await Promise.all([write(old, 'old'), write(fresh, 'fresh'), write(late, 'late')]);
  await expectWhole(world, [old, fresh, late], 44);
  expect(await slotOf(fresh)).toMatchObject({ slot: 1, url: expect.stringContaining('/worker-next.js') });
});

it('[VE9] a rollback: where the recorded script is gone the page recovers by its own, with all that was queued', async () => {
  world.deploy({ build: buildOf('release'), hashed: '/worker-next.js' });
  const gone = await world.tab({ worker: '/worker-next.js' });
  await world.server.kill();
  await seen(gone, () => t.status().connection !== 'open');
  await write(gone, 'queued');
  await seen(gone, () => t.pending() === 0);
  await world.crashBrowser();
  world.deploy({ build: TODAY, hashed: '/worker-today.js' });
  await world.server.start(world.file());
  const page = await world.tab({ worker: '/worker-today.js' });
  expect(await page.evaluate(() => [t.status().host, t.status().durable])).toEqual(['shared', true]);
  await write(page, 'back');
  await expectWhole(world, [page], 22);
  expect((await slotOf(page)).url).toContain('/worker-today.js');
});

it('[VE10] a new page whose worker comes out of a cache: one of an older release serves it, one of an older protocol does not', async () => {
  world.deploy({ build: buildOf('release'), worker: TODAY });
  const first = await world.tab();
  expect(await first.evaluate(() => [t.status().stale, t.status().host])).toEqual([false, 'shared']);
  await write(first, 'first');
  await expectWhole(world, [first], 11);
  const next = buildOf('protocol');
  world.deploy({ build: next, worker: TODAY });
  await world.server.kill();
  await seen(first, () => t.status().connection !== 'open');
  await write(first, 'queued');
  await seen(first, () => t.pending() === 0);
  await world.server.start(world.file(), `${next}/server.js`);
  const second = await world.tab();
  const { host, hostReason, durable } = await second.evaluate(() => t.status());
  expect({ host, hostReason, durable }).toEqual({
    host: expect.stringMatching(/leader|page/),
    hostReason: expect.stringContaining('outdated'),
    durable: true,
  });
  await write(second, 'second');
  await settled([second]);
  await first.close();
  await expectWhole(world, [second], 33);
});
