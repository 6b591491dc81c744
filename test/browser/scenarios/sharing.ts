import { expect } from 'vitest';
import { converged } from '../../support/browser/converged.ts';
import { seen } from '../../support/browser/seen.ts';
import { savedCards } from '../../support/browser/server-database.ts';
import { until } from '../../support/until.ts';
import { scenario } from '../acceptance/scenario.ts';

/** Tabs of one browser. */
export const sharing = [
  scenario(
    '[BX1] share one socket, twelve of them',
    async (world) => {
      const tabs = await world.tabs(12);
      await Promise.all(
        tabs.map((tab, i) => tab.evaluate((i) => t.create({ id: `card-${i}`, title: `of tab ${i}` }), i)),
      );
      await until('every tab has twelve cards', async () => {
        const counts = await Promise.all(tabs.map((tab) => tab.evaluate(() => t.cards.length)));
        return counts.every((count) => count === 12);
      });
      // They show what is on the disk here: the server may have some of it yet to come.
      await Promise.all(tabs.map((tab) => seen(tab, () => t.pending() === 0 && t.status().pending === 0)));
      expect(await converged(tabs)).toBe(savedCards(world.file()));
      // A leader may make way for a tab that is seen: one socket after another.
      await until('there is one socket', () => world.proxy.connections === 1);
      if (world.host !== 'leader') expect(world.proxy.accepted).toBe(1);
    },
    { needs: ['tabs'] },
  ),

  scenario(
    '[BX1] share one SharedWorker, twelve of them',
    async (world) => {
      await world.tabs(12);
      expect(await world.workers.count()).toBe(1);
    },
    { needs: ['own worker', 'workers'] },
  ),

  scenario(
    '[BX2] show a write before the server has it',
    async (world) => {
      const [writer, reader] = await world.tabs(2);
      world.proxy.hold('up');
      await writer.evaluate(() => t.create({ id: 'early', title: 'not there yet' }));
      await seen(reader, () => t.attr('early', 'title') === 'not there yet');
      expect(savedCards(world.file())).toBe('[]');
      world.proxy.flow();
      await seen(writer, () => t.outcomes.length === 1);
      expect(await writer.evaluate(() => t.outcomes)).toEqual([200]);
      expect(savedCards(world.file())).toBe(await converged([writer, reader]));
    },
    { needs: ['tabs'] },
  ),

  scenario(
    '[BX2] show a write while the server is down, and after it is back the server has it',
    async (world) => {
      const tabs = await world.some(2);
      const [writer] = tabs;
      await writer.evaluate(() => t.create({ id: 'old', title: 'before' }));
      await until('the server has it', () => savedCards(world.file()).includes('before'));
      await seen(writer, () => t.pending() === 0);
      await world.server.kill();
      await writer.evaluate(() => {
        t.create({ id: 'new', title: 'in the dark' });
        t.edit('old', { title: 'edited' });
      });
      for (const tab of tabs)
        await seen(
          tab,
          () => t.attr('new', 'title') === 'in the dark' && t.attr('old', 'title') === 'edited',
        );
      await seen(writer, () => t.pending() === 0);
      expect(await writer.evaluate(() => t.outcomes)).toEqual([200, 202, 202]);
      await world.server.start(world.file());
      await until('the server has them', () => savedCards(world.file()).includes('edited'));
      expect(savedCards(world.file())).toBe(await converged(tabs));
    },
  ),
];
