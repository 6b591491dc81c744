import { afterEach, beforeEach, expect, it } from 'vitest';
import { converged } from '../support/browser/converged.ts';
import { expectOnce } from '../support/browser/expect-once.ts';
import { seen } from '../support/browser/seen.ts';
import { savedCards } from '../support/browser/server-database.ts';
import { currentSlot, isAwake, owner, WEDGE_PATHS, WEDGEABLE, wedge } from '../support/browser/wedge.ts';
import { World } from '../support/browser/world.ts';
import { until } from '../support/until.ts';

let world: World;
beforeEach(async () => {
  world = await World.open({ paths: WEDGE_PATHS });
});
afterEach(async () => {
  await world.close();
});

it.each(['loops', 'freezes'] as const)(
  '[WH1] a worker that %s is replaced once, by several tabs at the same time; awake again, it does nothing',
  async (how) => {
    const first = await world.tab(WEDGEABLE);
    const tabs = [first, await world.tab(WEDGEABLE), await world.tab(WEDGEABLE)];
    await first.evaluate(() => t.create({ id: 'before', title: 'before' }));
    await Promise.all(tabs.map((tab) => seen(tab, () => t.attr('before', 'title') && t.pending() === 0)));
    const old = await owner(first);
    await wedge(first, 0, how, 15_000);
    await Promise.all(
      tabs.map((tab, i) =>
        tab.evaluate((i) => {
          for (let n = 0; n < 5; n++)
            t.create({ id: `card-${i}-${n}`, title: `${n}` }, { wait: n % 2 === 0 });
          t.edit('before', { title: `by ${i}` });
        }, i),
      ),
    );
    await Promise.all(tabs.map((tab) => seen(tab, () => t.pending() === 0)));
    await until('another worker is current', async () => (await currentSlot(first)) > 0);
    expect(await isAwake(first, 0)).toBe(false);
    expect(await currentSlot(first)).toBe(1);
    // The old worker may have been in the middle of a transaction: the next has the database only after that.
    const boot = await until('the next hub has the database', async () => {
      const now = await owner(first);
      return now !== old && now;
    });
    await until('the old worker is awake', () => isAwake(first, 0));
    await Promise.all(tabs.map((tab) => seen(tab, () => t.status().durable)));
    await first.evaluate(() => t.create({ id: 'after', title: 'after' }));
    await Promise.all(tabs.map((tab) => seen(tab, () => t.attr('after', 'title') && t.pending() === 0)));
    await Promise.all(tabs.map((tab) => seen(tab, () => t.status().pending === 0)));
    expect(await owner(first)).toBe(boot);
    expect(await currentSlot(first)).toBe(1);
    await expectOnce(world.file(), tabs, 20);
    for (const tab of tabs) {
      const outcomes = await tab.evaluate(() => t.outcomes);
      expect(outcomes.filter((status) => ![200, 201, 202].includes(status))).toEqual([]);
      expect(await tab.evaluate(() => t.status())).toMatchObject({ durable: true, host: 'shared' });
    }
    expect(world.complaints).toEqual([]);
  },
);

it('[WH2] a page that is reloaded gets past a worker that loops, and does not join it again', async () => {
  const tab = await world.tab(WEDGEABLE);
  await world.server.kill();
  await tab.evaluate(() => t.create({ id: 'kept', title: 'on the disk' }));
  await seen(tab, () => t.pending() === 0);
  await wedge(tab, 0, 'loops', 25_000);
  const began = Date.now();
  await world.reload(tab);
  expect(Date.now() - began).toBeLessThan(15_000);
  expect(await currentSlot(tab)).toBe(1);
  expect(await tab.evaluate(() => t.attr('kept', 'title'))).toBe('on the disk');
  await world.reload(tab);
  expect(await currentSlot(tab)).toBe(1);
  await world.server.start(world.file());
  await until('the server has it', () => savedCards(world.file()).includes('on the disk'));
});

it('[WH3] a page that attaches to a worker that is about to die gets the next one', async () => {
  const first = await world.tab({ deadline: 1_500 });
  for (let round = 0; round < 3; round++) {
    const opening = world.tab({ deadline: 1_500 });
    await world.devtools.killSharedWorkers();
    const tab = await opening;
    await tab.evaluate((round) => t.create({ id: `round-${round}`, title: 'written' }), round);
    await seen(tab, () => t.pending() === 0);
    await seen(first, (id) => t.attr(id, 'title'), `round-${round}`);
  }
  expect(await converged([first])).toBe(savedCards(world.file()));
});
