import { afterEach, beforeEach, expect, it } from 'vitest';
import { recordsOnDisk, writesOnDisk } from '../support/browser/own-database.ts';
import { seen } from '../support/browser/seen.ts';
import { savedCards } from '../support/browser/server-database.ts';
import { World } from '../support/browser/world.ts';
import { until } from '../support/until.ts';

let world: World;
beforeEach(async () => {
  world = await World.open();
});
afterEach(async () => {
  await world.close();
});

type Tab = Awaited<ReturnType<World['tab']>>;

/** Gives the origin so many bytes; undefined: as many as there are. */
async function quota(tab: Tab, quotaSize?: number): Promise<void> {
  const session = await world.context.newCDPSession(tab);
  const { origin } = new URL(tab.url());
  await session.send('Storage.overrideQuotaForOrigin', { origin, ...(quotaSize && { quotaSize }) });
}

/** So many writes in one turn, of 40 kB each that no database can make smaller. */
const create = (tab: Tab, name: string, count = 1) =>
  tab.evaluate(
    ([name, count]) => {
      for (let n = 0; n < count; n++) {
        const text = [...crypto.getRandomValues(new Uint32Array(6_000))].map((part) => part.toString(36));
        t.create({ id: `${name}-${n}`, title: text.join('') });
      }
    },
    [name, count] as const,
  );

const answered = (tab: Tab) => seen(tab, () => t.pending() === 0);

const count = (tab: Tab, status: number) =>
  tab.evaluate((status) => t.outcomes.filter((one) => one === status).length, status);

it('[SF2][SF4][SF5] of a disk that the browser calls full the replica goes, never what is queued; what is not kept is not called queued', async () => {
  await world.server.publish({ count: 40, records: 40, size: 50_000 });
  await quota(await world.page('/storage'), 4_000_000);
  const tab = await world.tab();
  await until('the replica is on the disk', async () => (await recordsOnDisk(tab)) === 40);
  await world.server.kill();
  await seen(tab, () => t.status().connection !== 'open');

  let made = 0;
  for (; (await count(tab, 507)) === 0 && made < 1_000; made += 20) {
    await create(tab, `card-${made}`, 20);
    await answered(tab);
  }
  const kept = await count(tab, 202);
  expect(kept).toBeGreaterThan(0);
  expect(kept + (await count(tab, 507))).toBe(made);
  expect([await writesOnDisk(tab), await recordsOnDisk(tab)]).toEqual([kept, 0]);

  await quota(tab);
  await create(tab, 'after');
  await answered(tab);
  await seen(tab, () => t.status().durable);
  expect([await count(tab, 202), await writesOnDisk(tab)]).toEqual([kept + 1, kept + 1]);
  await world.server.start(world.file());
  await until('the server has what was queued', () => savedCards(world.file()).includes('after-0'));
  await seen(tab, () => t.status().pending === 0);
  expect(JSON.parse(savedCards(world.file()))).toHaveLength(40 + kept + 1);
  expect(world.complaints).toEqual([]);
});
