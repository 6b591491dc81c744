import { join } from 'node:path';
import { expect } from 'vitest';
import { converged } from '../../support/browser/converged.ts';
import { seen } from '../../support/browser/seen.ts';
import { appliedMutations, savedCards, unexplainedEffects } from '../../support/browser/server-database.ts';
import { until } from '../../support/until.ts';
import { scenario } from '../acceptance/scenario.ts';

/** The way to the server, and the server. */
export const connection = [
  scenario(
    '[BX4] a connection is cut between push and receipt: the write is there once, with the same answer',
    async (world) => {
      const tabs = await world.some(2);
      const [writer] = tabs;
      world.proxy.hold('down');
      await writer.evaluate(() => t.create({ title: 'sent twice' }, { wait: true }));
      await until('the server has it', () => savedCards(world.file()).includes('sent twice'));
      const [first] = JSON.parse(savedCards(world.file()));
      expect(await writer.evaluate(() => t.pending())).toBe(1);
      world.proxy.cut();
      await world.proxy.restore();
      await seen(writer, () => t.pending() === 0);
      expect(await writer.evaluate(() => t.outcomes)).toEqual([201]);
      expect(world.proxy.accepted).toBeGreaterThan(1);
      expect(appliedMutations(world.file())).toHaveLength(1);
      expect(unexplainedEffects(world.file())).toEqual([]);
      // The server stamps each card that it makes with a number that it never gives again.
      expect(first.serial).toBeGreaterThan(0);
      expect(await writer.evaluate((id) => t.attr(id, 'serial'), first.id)).toBe(first.serial);
      await Promise.all(tabs.map((tab) => seen(tab, () => t.cards.length === 1)));
      expect(await converged(tabs)).toBe(JSON.stringify([first]));
      expect(savedCards(world.file())).toBe(JSON.stringify([first]));
    },
  ),

  scenario('[BX6] the server comes back with its database: tabs converge without a reload', async (world) => {
    const tabs = await world.some(2);
    const [first] = tabs;
    const last = tabs[1] ?? first;
    await first.evaluate(() => t.create({ id: 'a', title: 'before' }));
    await until('the server has it', () => savedCards(world.file()).includes('before'));
    await seen(last, () => t.attr('a', 'title') === 'before');
    await world.server.kill();
    await last.evaluate(() => t.edit('a', { title: 'meanwhile' }));
    await world.server.start(world.file());
    await world.server.publish({ count: 3, records: 3, size: 10 });
    await Promise.all(tabs.map((tab) => seen(tab, () => t.cards.length === 4 && t.status().pending === 0)));
    expect(await converged(tabs)).toBe(savedCards(world.file()));
    expect(await first.evaluate(() => t.attr('a', 'title'))).toBe('meanwhile');
  }),

  scenario(
    '[BX6] the server comes back with another database: tabs converge without a reload, own unsent writes on top',
    async (world) => {
      const tabs = await world.some(2);
      const [first] = tabs;
      const last = tabs[1] ?? first;
      await first.evaluate(() => t.create({ id: 'lost', title: 'with the first database' }));
      await Promise.all(tabs.map((tab) => seen(tab, () => t.attr('lost', 'title'))));
      await seen(first, () => t.pending() === 0);
      await world.server.kill();
      await last.evaluate(() => t.create({ id: 'carried', title: 'over' }));
      await world.server.start(world.file('second'));
      await world.server.publish({ count: 3, records: 3, size: 10 });
      await Promise.all(tabs.map((tab) => seen(tab, () => t.cards.length === 4 && !t.cards.get('lost'))));
      await Promise.all(tabs.map((tab) => seen(tab, () => t.status().pending === 0)));
      expect(await converged(tabs)).toBe(savedCards(world.file('second')));
      expect(await first.evaluate(() => t.attr('carried', 'title'))).toBe('over');
    },
  ),

  scenario(
    '[BX13] [SE6] a server that no WebSocket reaches is reached by polling, again after it was gone',
    async (world) => {
      const tabs = await world.some(2);
      const [first] = tabs;
      const last = tabs[1] ?? first;
      const text = 'über — 日本語 😀 '.repeat(2_000);
      await first.evaluate((title) => t.create({ id: 'a', title }), text);
      await until('the server has it', () => savedCards(world.file()).includes('日本語'));
      await seen(last, () => t.pending() === 0);
      await world.server.kill();
      await last.evaluate(() => t.create({ id: 'b', title: 'while it was gone' }));
      await world.server.start(world.file());
      await until('the server has it', () => savedCards(world.file()).includes('while it was gone'));
      await seen(first, () => t.pending() === 0);
      await Promise.all(tabs.map((tab) => seen(tab, () => t.cards.length === 2)));
      expect(await converged(tabs)).toContain(text);
    },
    {
      world: { script: join(import.meta.dirname, '../../support/browser/polling-server.ts') },
    },
  ),
];
