import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { converged } from '../support/browser/converged.ts';
import { seen } from '../support/browser/seen.ts';
import { savedCards } from '../support/browser/server-database.ts';
import { World } from '../support/browser/world.ts';

let world: World;
beforeEach(async () => {
  world = await World.open();
});
afterEach(async () => {
  await world.close();
});

describe('a page without a worker', () => {
  it('[BX12] is the host itself, says so, and a second one goes on without the database', async () => {
    const first = await world.tab({ host: 'page' });
    const second = await world.tab({ host: 'page' });
    const asked = { host: 'page', hostReason: 'It was asked for' };
    expect(await first.evaluate(() => t.status())).toMatchObject({ ...asked, durable: true });
    await seen(second, () => t.status().durable === false);
    expect(await second.evaluate(() => t.status())).toMatchObject(asked);
    await first.evaluate(() => t.create({ id: 'one', title: 'by the first' }));
    await second.evaluate(() => t.create({ id: 'two', title: 'by the second' }));
    for (const tab of [first, second]) await seen(tab, () => t.cards.length === 2 && t.pending() === 0);
    expect(await converged([first, second])).toBe(savedCards(world.file()));
    expect(world.complaints).toEqual([]);
  });

  it('[LE2] leads or follows where its worker does not start, and is told why and what to do', async () => {
    const tabs = [
      await world.tab({ worker: '/medulla/nowhere.js' }),
      await world.tab({ worker: '/?worker' }),
    ];
    const [first, second] = await Promise.all(tabs.map((tab) => tab.evaluate(() => t.status())));
    expect([first?.host, second?.host]).toEqual(['leader', 'leader']);
    expect(first?.hostReason).toMatch(/nowhere\.js answered 404: .*shared-worker\.js/);
    expect(second?.hostReason).toContain('got text/html');
    expect(second?.hostReason).toContain('your development server answered its index page');
    await tabs[0]?.evaluate(() => t.create({ id: 'one', title: 'by the first' }));
    for (const tab of tabs) await seen(tab, () => t.cards.length === 1 && t.pending() === 0);
    expect(await converged(tabs)).toBe(savedCards(world.file()));
  });
});
