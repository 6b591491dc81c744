import { expect } from 'vitest';
import { converged } from '../../support/browser/converged.ts';
import { seen } from '../../support/browser/seen.ts';
import {
  type Applied,
  appliedMutations,
  savedCards,
  unexplainedEffects,
} from '../../support/browser/server-database.ts';
import { scenario } from '../acceptance/scenario.ts';

const EDITS = 200;

/** What is written without a server. */
export const offline = [
  scenario(
    '[BX3] 200 edits of three tabs, made without a server, are there once and in order, over reloads',
    async (world) => {
      const tabs = await world.some(3);
      const [first] = tabs;
      const count = tabs.length;
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
        await tabs[i % count]?.evaluate(
          ({ i, count }) => {
            const own = `tab-${i % count}-${Math.floor(i / 30)}`;
            if (!t.cards.get(own)) t.create({ id: own, title: `made by ${i}`, edits: i });
            else if (i % 30 === 28) t.destroy(`doomed-${Math.floor(i / 30)}`);
            else if (i % 5 === 0) t.edit('shared', { edits: i, [`by${i % count}`]: i });
            else t.edit(own, { edits: i });
          },
          { i, count },
        );
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
      await tabs[2]?.close();
      const left = tabs.slice(0, 2);
      await world.server.start(world.file());
      await Promise.all(left.map((tab) => seen(tab, () => t.status().pending === 0)));

      expect(await converged(left)).toBe(offline);
      expect(savedCards(world.file())).toBe(offline);
      const applied = appliedMutations(world.file()).slice(before);
      expect(applied).toHaveLength(EDITS);
      expect(new Set(applied.map(({ id }) => id)).size).toBe(EDITS);
      expect(unexplainedEffects(world.file())).toEqual([]);
      expect(outOfOrder(applied)).toEqual([]);
    },
  ),

  scenario(
    '[BX11] what was answered with 202 outlives a crash of the whole browser',
    async (world) => {
      const before = await world.some(2);
      const [first] = before;
      const second = before[1] ?? first;
      await first.evaluate(() => t.create({ id: 'known', title: 'by the server' }));
      await seen(first, () => t.pending() === 0);
      await world.server.kill();
      await first.evaluate(() => {
        for (let i = 0; i < 20; i++) t.create({ id: `kept-${i}`, title: `${i}` });
      });
      await seen(second, () => t.cards.get('known') !== undefined);
      await second.evaluate(() => t.edit('known', { title: 'edited in the dark' }));
      await Promise.all(before.map((tab) => seen(tab, () => t.pending() === 0)));
      const shown = await converged(before);
      await world.engine.crash?.();
      const tabs = await world.some(2);
      expect(await converged(tabs)).toBe(shown);
      expect(await tabs[0].evaluate(() => t.status().pending)).toBe(21);
      await world.server.start(world.file());
      await Promise.all(tabs.map((tab) => seen(tab, () => t.status().pending === 0)));
      const applied = appliedMutations(world.file());
      expect([applied.length, new Set(applied.map(({ id }) => id)).size]).toEqual([22, 22]);
      expect(unexplainedEffects(world.file())).toEqual([]);
      expect(await converged(tabs)).toBe(savedCards(world.file()));
    },
    { needs: ['crash'] },
  ),
];

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
