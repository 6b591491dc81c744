import { expect } from 'vitest';
import { converged } from '../../support/browser/converged.ts';
import type { EngineWorld } from '../../support/browser/engine-world.ts';
import { expectOnce } from '../../support/browser/expect-once.ts';
import { seen } from '../../support/browser/seen.ts';
import { appliedMutations, savedCards } from '../../support/browser/server-database.ts';
import { until } from '../../support/until.ts';
import { type Scenario, scenario } from '../acceptance/scenario.ts';

type Step = (world: EngineWorld) => Promise<void> | void;

/** Where the writes are when the worker dies: what keeps them there, and what to wait for. */
const PLACES: Readonly<Record<string, [hold: Step, there: Step]>> = {
  'from the tabs to the hub': [(world) => world.workers.stop(), () => undefined],
  'from the hub to the server': [(world) => world.proxy.hold('up'), () => undefined],
  'answered by the server': [
    (world) => world.proxy.hold('down'),
    async (world) => {
      await until('the server has some', () => appliedMutations(world.file())[0]);
    },
  ],
};

async function underWay(world: EngineWorld, [hold, there]: [hold: Step, there: Step]): Promise<void> {
  const tabs = await world.tabs(3);
  await hold(world);
  await Promise.all(
    tabs.map((tab, i) =>
      tab.evaluate((i) => {
        for (let n = 0; n < 20; n++) t.create({ id: `card-${i}-${n}`, title: `${n}` }, { wait: n % 2 === 0 });
      }, i),
    ),
  );
  await there(world);
  const pending = await Promise.all(tabs.map((tab) => tab.evaluate(() => t.pending())));
  expect(pending).toEqual([20, 20, 20]);
  expect(await world.workers.kill()).toBe(1);
  world.proxy.cut();
  await world.proxy.restore();
  await Promise.all(tabs.map((tab) => seen(tab, () => t.pending() === 0)));
  for (const tab of tabs) {
    const outcomes = await tab.evaluate(() => t.outcomes);
    expect(outcomes).toHaveLength(20);
    expect(outcomes.filter((status) => status !== 200 && status !== 202)).toEqual([]);
  }
  await expectOnce(world.file(), tabs, 60);
  expect(await world.workers.count()).toBe(1);
}

/** The worker that hosts the hub dies. */
export const killed: readonly Scenario[] = [
  ...Object.entries(PLACES).map(([place, steps]) =>
    scenario(
      `[BX5] the worker is killed with writes ${place}: the next hub goes on, and no request is left hanging`,
      (world) => underWay(world, steps),
      { needs: ['own worker', 'workers'] },
    ),
  ),

  scenario(
    '[BX5] the worker is killed without a server, and the author is gone: the next hub finds it on the disk',
    async (world) => {
      const [reader, writer] = await world.tabs(2);
      await world.server.kill();
      await writer.evaluate(() => t.create({ id: 'kept', title: 'on the disk' }));
      await seen(writer, () => t.pending() === 0);
      expect(await writer.evaluate(() => t.outcomes)).toEqual([202]);
      await writer.close();
      expect(await world.workers.kill()).toBe(1);
      await until('there is another worker', async () => (await world.workers.count()) === 1);
      await world.server.start(world.file());
      await until('the server has it', () => savedCards(world.file()).includes('on the disk'));
      await seen(reader, () => t.status().pending === 0 && t.cards.length === 1);
      expect(await converged([reader])).toBe(savedCards(world.file()));
    },
    { needs: ['own worker', 'workers'] },
  ),
];
