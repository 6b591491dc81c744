import { afterEach, beforeEach, expect, it } from 'vitest';
import { deleteDatabase, writesOnDisk } from '../support/browser/own-database.ts';
import { savedCards } from '../support/browser/server-database.ts';
import { until } from '../support/browser/until.ts';
import { seen, World } from '../support/browser/world.ts';

let world: World;
beforeEach(async () => {
  world = await World.open();
});
afterEach(async () => {
  await world.close();
});

it('[SF6] a database that its user deletes under the hub: what was queued is on the disk again, and what follows', async () => {
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
  await world.crashBrowser();
  await world.server.start(world.file());
  await world.tab();
  await until('the server has both', () =>
    ['queued before', 'queued after'].every((title) => savedCards(world.file()).includes(title)),
  );
});

it('[SF16] only a page may ask the browser to keep what is stored, and does so once something is queued', async () => {
  const tab = await world.tab();
  await world.server.kill();
  expect('persisted' in (await tab.evaluate(() => t.status()))).toBe(false);
  await tab.evaluate(() => t.create({ id: 'a', title: 'queued' }));
  await seen(tab, () => 'persisted' in t.status());
  expect(typeof (await tab.evaluate(() => t.status().persisted))).toBe('boolean');
  const inWorker = await tab.evaluate(
    () =>
      new Promise((resolve) => {
        const script =
          'onconnect = ({ ports: [port] }) => port.postMessage(typeof navigator.storage.persist);';
        const worker = new SharedWorker(`data:text/javascript,${encodeURIComponent(script)}`);
        worker.port.onmessage = ({ data }) => resolve(data);
      }),
  );
  expect(inWorker).toBe('undefined');
});
