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
  it('[BX12] is the host itself, says why and what to do, and a second one goes on without the database', async () => {
    const first = await world.tab({ worker: '/medulla/nowhere.js' });
    const second = await world.tab({ host: 'page' });
    const status = await first.evaluate(() => t.status());
    expect(status).toMatchObject({ host: 'page', durable: true });
    expect(status.hostReason).toMatch(/nowhere\.js answered 404: .*shared-worker\.js/);
    await seen(second, () => t.status().durable === false);
    expect(await second.evaluate(() => t.status())).toMatchObject({
      host: 'page',
      hostReason: 'It was asked for',
    });
    await first.evaluate(() => t.create({ id: 'one', title: 'by the first' }));
    await second.evaluate(() => t.create({ id: 'two', title: 'by the second' }));
    for (const tab of [first, second]) await seen(tab, () => t.cards.length === 2 && t.pending() === 0);
    expect(await converged([first, second])).toBe(savedCards(world.file()));
    expect(world.complaints).toEqual([]);
  });

  it('[BX12] is told when its server answers every path with its index page', async () => {
    const tab = await world.tab({ worker: '/?worker' });
    const { host, hostReason } = await tab.evaluate(() => t.status());
    expect(host).toBe('page');
    expect(hostReason).toContain('got text/html');
    expect(hostReason).toContain('your development server answered its index page');
  });
});
