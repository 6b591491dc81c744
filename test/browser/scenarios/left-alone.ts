import { expect } from 'vitest';
import { converged } from '../../support/browser/converged.ts';
import type { EngineWorld } from '../../support/browser/engine-world.ts';
import { expectOnce } from '../../support/browser/expect-once.ts';
import { seen } from '../../support/browser/seen.ts';
import { appliedMutations, savedCards, unexplainedEffects } from '../../support/browser/server-database.ts';
import { owner } from '../../support/browser/wedge.ts';
import type { EngineTab } from '../../support/engines/engine.ts';
import { until } from '../../support/until.ts';
import { scenario } from '../acceptance/scenario.ts';

/** The first tab leaves with writes of all tabs under way: the server has them, and no tab an answer. */
async function goesOn(
  world: EngineWorld,
  leave: (first: EngineTab, other: EngineTab) => Promise<void>,
): Promise<void> {
  const tabs = await world.tabs(3);
  const [first, ...others] = tabs;
  const [other] = others;
  world.proxy.hold('down');
  await Promise.all(
    tabs.map((tab, i) =>
      tab.evaluate((i) => {
        for (let n = 0; n < 10; n++) t.create({ id: `card-${i}-${n}`, title: `${n}` }, { wait: n % 2 === 0 });
      }, i),
    ),
  );
  await until('the server has them', () => appliedMutations(world.file()).length === 30);
  await leave(first, other);
  for (const [i, tab] of others.entries()) {
    await tab.evaluate((i) => {
      t.edit(`card-${i}-0`, { title: 'edited since' });
      t.create({ title: 'made since' });
    }, i + 1);
  }
  world.proxy.flow();
  await Promise.all(others.map((tab) => seen(tab, () => t.pending() === 0 && t.status().pending === 0)));
  for (const tab of others) {
    const outcomes = await tab.evaluate(() => t.outcomes);
    expect(outcomes).toHaveLength(12);
    expect(outcomes.filter((status) => ![200, 201, 202].includes(status))).toEqual([]);
  }
  const applied = appliedMutations(world.file());
  expect(new Set(applied.map(({ id }) => id)).size).toBe(applied.length);
  expect(new Set(applied.map(({ record }) => record)).size).toBe(32);
  expect(unexplainedEffects(world.file())).toEqual([]);
  expect(await converged(others)).toBe(savedCards(world.file()));

  await world.server.publish({ count: 3, records: 3, size: 10 });
  await Promise.all(others.map((tab) => seen(tab, () => t.cards.length === 35)));
  expect(await converged(others)).toBe(savedCards(world.file()));
  await until('there is one socket', () => world.proxy.connections === 1);
}

/** Ten cards, made where there is no server. */
async function queueTen(tab: EngineTab): Promise<void> {
  await tab.evaluate(() => {
    for (let n = 0; n < 10; n++) t.create({ id: `kept-${n}`, title: `${n}` });
  });
  await seen(tab, () => t.pending() === 0);
  expect(await tab.evaluate(() => [...new Set(t.outcomes)])).toEqual([202]);
}

/** The tab that came first, and may have made the host or be it, leaves. */
export const leftAlone = [
  scenario(
    '[EN4] the first tab closes with writes in flight: the others go on, nothing is lost or doubled, changes come live',
    (world) => goesOn(world, (first) => first.close()),
    { needs: ['tabs'] },
  ),

  scenario(
    '[EN5] the process of the first tab ends, and the worker that ran in it: another hub goes on with what was in flight',
    (world) =>
      goesOn(world, async (first, other) => {
        const before = await owner(first);
        await world.engine.kill?.(first);
        await until('another hub has the database', async () => (await owner(other)) !== before);
      }),
    { needs: ['tabs', 'mortal', 'kill'] },
  ),

  scenario(
    '[EN4] the first tab closes without a server: what it had queued is on the disk, shown, and sent once there is one',
    async (world) => {
      const [first, second] = await world.tabs(2);
      await world.server.kill();
      await queueTen(first);
      await first.close();
      await seen(second, () => t.cards.length === 10);
      await second.evaluate(() => t.edit('kept-0', { title: 'edited since' }));
      await seen(second, () => t.pending() === 0 && t.status().pending === 11);
      const third = await world.tab();
      await seen(third, () => t.cards.length === 10);
      await converged([second, third]);
      await world.server.start(world.file());
      await Promise.all([second, third].map((tab) => seen(tab, () => t.status().pending === 0)));
      expect(unexplainedEffects(world.file())).toEqual([]);
      expect(await converged([second, third])).toBe(savedCards(world.file()));
      expect(await second.evaluate(() => t.attr('kept-0', 'title'))).toBe('edited since');
    },
    { needs: ['tabs'] },
  ),

  scenario(
    '[EN6] the last tab closes without a server: the next one shows what was queued, and sends it once',
    async (world) => {
      const last = await world.tab();
      await world.server.kill();
      await queueTen(last);
      await last.close();
      const next = await world.tab();
      await seen(next, () => t.cards.length === 10 && t.status().pending === 10);
      await world.server.start(world.file());
      await expectOnce(world.file(), [next], 10);
    },
  ),
];
