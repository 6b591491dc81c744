import type { Page } from 'playwright-core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { converged } from '../../support/browser/converged.ts';
import { expectOnce } from '../../support/browser/expect-once.ts';
import { seen } from '../../support/browser/seen.ts';
import { appliedMutations, savedCards } from '../../support/browser/server-database.ts';
import { World } from '../../support/browser/world.ts';
import { until } from '../../support/until.ts';
import { crash, goesOn, inTransaction, leaderOf, leads, probe, probed, settledLeaderOf } from './leading.ts';

const HOST = { host: 'leader' };
/** Milliseconds: what an application may set, by default. */
const DEADLINE = 5_000;

let world: World;
beforeEach(async () => {
  world = await World.open();
});
afterEach(async () => {
  await world.close();
});

async function open(count: number): Promise<Page[]> {
  const first = await world.tab(HOST);
  return [first, ...(await Promise.all(Array.from({ length: count - 1 }, () => world.tab(HOST))))];
}

describe('a leader tab', () => {
  it('[LE3] serves twelve tabs over one socket, and each shows what the others write', async () => {
    const tabs = await open(12);
    for (const [i, tab] of tabs.entries())
      await tab.evaluate((i) => t.create({ id: `card-${i}`, title: `by ${i}` }), i);
    await Promise.all(tabs.map((tab) => seen(tab, () => t.cards.length === 12 && t.pending() === 0)));
    expect(await converged(tabs)).toBe(savedCards(world.file()));
    // The one in front may be about to take over.
    for (const tab of tabs)
      await seen(tab, () => {
        const { host, hostReason, durable, connection } = t.status();
        return host === 'leader' && hostReason === 'It was asked for' && durable && connection === 'open';
      });
    await until('there is one socket', () => world.proxy.connections === 1);
    expect(world.complaints).toEqual([]);
  });

  it.each([
    ['is closed', (page: Page) => page.close()],
    ['crashes', crash],
  ])('[LE4] that %s is followed by the next within a second', async (how, end) => {
    const { leader, others } = await settledLeaderOf(await open(4));
    for (const tab of others) await probe(tab);
    for (const tab of others) await goesOn(tab);
    await end(leader);
    for (const tab of others) await goesOn(tab);
    const figures = await Promise.all(others.map(probed));
    const longest = Math.max(...figures.map((one) => one.longest));
    console.log(`After a leader that ${how}: no save of the others took longer than ${longest} ms`);
    expect(longest).toBeLessThan(1_000);
    await expectOnce(world.file(), others);
    const saves = figures.reduce((sum, { done }) => sum + done, 0);
    expect(appliedMutations(world.file()).length).toBeGreaterThanOrEqual(saves);
    expect(world.complaints).toEqual([]);
  });

  it.each([
    ['without a word', async () => undefined],
    ['in the middle of a transaction', inTransaction],
  ])(
    '[LE4] [LE10] that is frozen %s is followed within a second of the deadline; awake again, it follows',
    async (how, meanwhile) => {
      const { leader, others } = await settledLeaderOf(await open(3));
      for (const tab of others) await probe(tab);
      for (const tab of others) await goesOn(tab);
      await meanwhile(leader);
      const wake = await world.stop(leader);
      for (const tab of others) await goesOn(tab);
      const figures = await Promise.all(others.map(probed));
      const longest = Math.max(...figures.map((one) => one.longest));
      console.log(
        `After a leader that is frozen ${how}: no save of the others took longer than ${longest} ms`,
      );
      expect(longest).toBeLessThan(DEADLINE + 1_000);
      await wake();
      await leader.evaluate(() => t.create({ id: 'awake', title: 'again' }));
      for (const tab of [leader, ...others])
        await seen(tab, () => t.attr('awake', 'title') && t.status().pending === 0 && t.status().durable);
      expect((await leaderOf([leader, ...others])).leader).not.toBe(leader);
      expect(await converged([leader, ...others])).toBe(savedCards(world.file()));
      await until('there is one socket', () => world.proxy.connections === 1);
    },
  );

  it('[LE8] that nobody sees makes way for one that somebody sees, and nothing moves after that', async () => {
    const tabs = await open(3);
    const [first, second] = tabs as [Page, Page, Page];
    for (const front of [first, second, first]) {
      await front.bringToFront();
      await until('the tab in front leads', async () => (await leaderOf(tabs)).leader === front);
      await front.evaluate(() => t.create({ title: 'in front' }, { wait: true }));
      await seen(front, () => t.pending() === 0);
    }
    const { accepted } = world.proxy;
    const shown = performance.now();
    await until('three seconds are over', () => performance.now() - shown > 3_000);
    expect(await leads(first)).toBe(true);
    expect(world.proxy.accepted).toBe(accepted);
    await Promise.all(tabs.map((tab) => seen(tab, () => t.status().pending === 0)));
    expect(await converged(tabs)).toBe(savedCards(world.file()));
    expect(world.complaints).toEqual([]);
  });

  it('[LE9] that goes to another page makes way, and follows when it is back', async () => {
    const { leader, others } = await leaderOf(await open(2));
    const [other] = others as [Page];
    await leader.goto(new URL('/storage', leader.url()).href);
    await until('the other leads', () => leads(other));
    await other.evaluate(() => t.create({ id: 'meanwhile', title: 'written' }));
    await leader.goBack();
    await seen(leader, () => 't' in globalThis && t.attr('meanwhile', 'title'));
    await until('there is one socket', () => world.proxy.connections === 1);
  });
});
