import type { Page } from 'playwright-core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { converged } from '../../support/browser/converged.ts';
import { seen } from '../../support/browser/seen.ts';
import { appliedMutations, savedCards, unexplainedEffects } from '../../support/browser/server-database.ts';
import { World } from '../../support/browser/world.ts';
import { crash, goesOn, leaderOf, probe, probed } from './leading.ts';

const HOST = { host: 'leader' };

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
    for (const tab of tabs)
      expect(await tab.evaluate(() => t.status())).toMatchObject({
        host: 'leader',
        hostReason: 'It was asked for',
        durable: true,
        connection: 'open',
      });
    expect(world.proxy.connections).toBe(1);
    expect(world.complaints).toEqual([]);
  });

  it.each([
    ['is closed', (page: Page) => page.close()],
    ['crashes', crash],
  ])('[LE4] that %s is followed by the next within a second', async (how, end) => {
    const { leader, others } = await leaderOf(await open(4));
    for (const tab of others) await probe(tab);
    for (const tab of others) await goesOn(tab);
    await end(leader);
    for (const tab of others) await goesOn(tab);
    const figures = await Promise.all(others.map(probed));
    const longest = Math.max(...figures.map((one) => one.longest));
    console.log(`After a leader that ${how}: no save of the others took longer than ${longest} ms`);
    expect(longest).toBeLessThan(1_000);
    for (const tab of others) await seen(tab, () => t.status().pending === 0);
    const applied = appliedMutations(world.file());
    expect(applied.length).toBeGreaterThanOrEqual(figures.reduce((sum, { done }) => sum + done, 0));
    expect(new Set(applied.map(({ id }) => id)).size).toBe(applied.length);
    expect(unexplainedEffects(world.file())).toEqual([]);
    expect(await converged(others)).toBe(savedCards(world.file()));
    expect(world.complaints).toEqual([]);
  });
});
