import { afterEach, beforeEach, expect, it } from 'vitest';
import {
  type Applied,
  appliedMutations,
  savedCards,
  unexplainedEffects,
} from '../support/browser/server-database.ts';
import { converged, seen, World } from '../support/browser/world.ts';

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
  await Promise.all(tabs.map((tab) => seen(tab, () => t.cards.length === 8)));
  await seen(first, () => t.pending() === 0);
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
  await Promise.all(tabs.map((tab) => seen(tab, () => t.pending() === 0)));
  for (const tab of tabs) {
    const outcomes = await tab.evaluate(() => t.outcomes);
    expect(outcomes.filter((status) => status !== 200 && status !== 202)).toEqual([]);
  }
  const offline = await converged(tabs);
  expect(await first.evaluate(() => t.status().pending)).toBe(EDITS);

  await Promise.all(tabs.map((tab) => world.reload(tab)));
  expect(await converged(tabs)).toBe(offline);
  await third.close();
  await world.server.start(world.file());
  await Promise.all([first, second].map((tab) => seen(tab, () => t.status().pending === 0)));

  expect(await converged([first, second])).toBe(offline);
  expect(savedCards(world.file())).toBe(offline);
  const applied = appliedMutations(world.file()).slice(before);
  expect(applied).toHaveLength(EDITS);
  expect(new Set(applied.map(({ id }) => id)).size).toBe(EDITS);
  expect(unexplainedEffects(world.file())).toEqual([]);
  expect(outOfOrder(applied)).toEqual([]);
  expect(world.complaints).toEqual([]);
});

it('[BX11] keeps what was answered with 202 over a crash of the whole browser', async () => {
  const [first, second] = await world.tabs(2);
  await first.evaluate(() => t.create({ id: 'known', title: 'by the server' }));
  await seen(first, () => t.pending() === 0);
  await world.server.kill();
  await first.evaluate(() => {
    for (let i = 0; i < 20; i++) t.create({ id: `kept-${i}`, title: `${i}` });
  });
  await second.evaluate(() => t.edit('known', { title: 'edited in the dark' }));
  await Promise.all([first, second].map((tab) => seen(tab, () => t.pending() === 0)));
  const before = await converged([first, second]);
  await world.crashBrowser();
  const tabs = await world.tabs(2);
  expect(await converged(tabs)).toBe(before);
  expect(await tabs[0].evaluate(() => t.status().pending)).toBe(21);
  await world.server.start(world.file());
  await Promise.all(tabs.map((tab) => seen(tab, () => t.status().pending === 0)));
  const applied = appliedMutations(world.file());
  expect([applied.length, new Set(applied.map(({ id }) => id)).size]).toEqual([22, 22]);
  expect(unexplainedEffects(world.file())).toEqual([]);
  expect(await converged(tabs)).toBe(savedCards(world.file()));
});

/** Mutations that were applied after a later one of the same tab to the same record. (Folding may bring one before others of its tab, on other records.) */
function outOfOrder(applied: readonly Applied[]): string[] {
  const last = new Map<string, number>();
  return applied
    .filter(({ id, record }) => {
      const [tab, n] = id.split(':');
      const before = last.get(`${tab} ${record}`) ?? 0;
      last.set(`${tab} ${record}`, Number(n));
      return Number(n) < before;
    })
    .map(({ id }) => id);
}
