import { expect } from 'vitest';
import { deleteDatabase, writesOnDisk } from '../../support/browser/own-database.ts';
import { seen } from '../../support/browser/seen.ts';
import { savedCards } from '../../support/browser/server-database.ts';
import { until } from '../../support/until.ts';
import { scenario } from '../acceptance/scenario.ts';

/** What the browser keeps, or does not. */
export const disk = [
  scenario(
    '[BX8] where the database is refused it goes on in memory, and says so',
    async (world) => {
      const tab = await world.tab({ worker: '/worker-without-database.js' });
      await seen(tab, () => t.status().durable === false);
      expect(await tab.evaluate(() => t.status().durableReason)).toBe('refused');
      await tab.evaluate(() => t.create({ id: 'a', title: 'online all the same' }));
      await until('the server has it', () => savedCards(world.file()).includes('online all the same'));
      await seen(tab, () => t.pending() === 0);
      expect(await tab.evaluate(() => t.outcomes)).toEqual([200]);
    },
    { needs: ['own worker'] },
  ),

  scenario('[BX8] where the database is there nothing of the kind is said', async (world) => {
    const tab = await world.tab();
    expect(await tab.evaluate(() => [t.status().durable, t.status().durableReason])).toEqual([true, null]);
  }),

  scenario("[BX10] the browser's own IndexedDB keeps the contract of storages", async (world) => {
    const page = await world.page('/storage');
    await seen(page, () => 'contract' in globalThis);
    const results = await page.evaluate(() => contract());
    expect(results.length).toBeGreaterThan(5);
    expect(results.filter(([, problem]) => problem !== null)).toEqual([]);
  }),

  scenario(
    '[SF6] its user deletes the database under the hub: what was queued is on the disk again, and what follows',
    async (world) => {
      const tab = await world.tab();
      await world.server.kill();
      await seen(tab, () => t.status().connection !== 'open');
      await tab.evaluate(() => t.create({ id: 'before', title: 'queued before' }));
      await seen(tab, () => t.pending() === 0);
      await deleteDatabase(tab);
      await until('it is on the disk again', async () => (await writesOnDisk(tab)) === 1);
      await tab.evaluate(() => t.create({ id: 'after', title: 'queued after' }));
      await seen(tab, () => t.pending() === 0);
      expect(await tab.evaluate(() => [...t.outcomes])).toEqual([202, 202]);
      expect(await tab.evaluate(() => t.status())).toMatchObject({ durable: true, durableReason: null });
      await world.engine.crash?.();
      await world.server.start(world.file());
      await world.tab();
      await until('the server has both', () =>
        ['queued before', 'queued after'].every((title) => savedCards(world.file()).includes(title)),
      );
    },
    { needs: ['crash'] },
  ),

  scenario(
    '[SF16] a page asks the browser to keep what is stored, once something is queued',
    async (world) => {
      const tab = await world.tab();
      await world.server.kill();
      expect('persisted' in (await tab.evaluate(() => t.status()))).toBe(false);
      await tab.evaluate(() => {
        t.create({ id: 'a', title: 'queued' });
      });
      await seen(tab, () => 'persisted' in t.status());
      expect(typeof (await tab.evaluate(() => t.status().persisted))).toBe('boolean');
    },
    { needs: ['persist'] },
  ),

  scenario(
    '[SF16] only a page may ask, no worker',
    async (world) => {
      const tab = await world.page('/storage');
      const asked = await tab.evaluate(
        () =>
          new Promise((resolve) => {
            const script =
              'onconnect = ({ ports: [port] }) => port.postMessage(typeof navigator.storage?.persist);';
            const worker = new SharedWorker(`data:text/javascript,${encodeURIComponent(script)}`);
            worker.port.onmessage = ({ data }) => resolve(data);
          }),
      );
      expect(asked).toBe('undefined');
    },
    { needs: ['own worker'] },
  ),
];
