import { afterEach, beforeEach, expect, it } from 'vitest';
import { appliedMutations, savedCards, unexplainedEffects } from '../support/browser/server-database.ts';
import { converged, World } from '../support/browser/world.ts';

const EDITS = 200;

let world: World;
beforeEach(async () => {
  world = await World.open();
});
afterEach(async () => {
  await world.close();
});

it('[BX3] brings 200 edits of three tabs, made without a server, there once and in order, over reloads', async () => {
  const tabs = await world.tabs(3);
  const [first, second, third] = tabs;
  await first.evaluate(() => {
    t.create({ id: 'shared', title: 'of all', edits: 0 });
    for (let i = 0; i < 7; i++) t.create({ id: `doomed-${i}`, title: 'to be deleted' });
  });
  await Promise.all(tabs.map((tab) => tab.waitForFunction(() => t.cards.length === 8)));
  await first.waitForFunction(() => t.pending() === 0);
  const before = appliedMutations(world.file()).length;
  await world.server.kill();

  // Each tab by turns: creates of its own, edits of them, edits of the card that all share, a delete now and then.
  for (let i = 0; i < EDITS; i++) {
    await tabs[i % 3]?.evaluate((i) => {
      const own = `tab-${i % 3}-${Math.floor(i / 30)}`;
      if (!t.cards.get(own)) t.create({ id: own, title: `made by ${i}`, edits: i });
      else if (i % 30 === 28) t.destroy(`doomed-${Math.floor(i / 30)}`);
      else if (i % 5 === 0) t.edit('shared', { edits: i, [`by${i % 3}`]: i });
      else t.edit(own, { edits: i });
    }, i);
  }
  await Promise.all(tabs.map((tab) => tab.waitForFunction(() => t.pending() === 0)));
  for (const tab of tabs) {
    const outcomes = await tab.evaluate(() => t.outcomes);
    expect(outcomes.filter((status) => status !== 201 && status !== 202)).toEqual([]);
  }
  const offline = await converged(tabs);
  expect(await first.evaluate(() => t.status().pending)).toBe(EDITS);

  await Promise.all(tabs.map((tab) => world.reload(tab)));
  expect(await converged(tabs)).toBe(offline);
  await third.close();
  await world.server.start(world.file());
  await Promise.all([first, second].map((tab) => tab.waitForFunction(() => t.status().pending === 0)));

  expect(await converged([first, second])).toBe(offline);
  expect(savedCards(world.file())).toBe(offline);
  const applied = appliedMutations(world.file()).slice(before);
  expect(applied).toHaveLength(EDITS);
  expect(new Set(applied).size).toBe(EDITS);
  expect(unexplainedEffects(world.file())).toEqual([]);
  for (const tab of new Set(applied.map((id) => id.split(':')[0]))) {
    const numbers = applied.filter((id) => id.startsWith(`${tab}:`)).map((id) => Number(id.split(':')[1]));
    expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
  }
  expect(world.complaints).toEqual([]);
});
