import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../src/testing/seeded-random.ts';
import { byId, deploy, isNew, isOld, NEW, offlineForDays, pushed, rowsOf } from './deploy.ts';

type World = Awaited<ReturnType<typeof offlineForDays>>;

/** What on the disk has another shape than its number says. */
function mistaken({ browser }: World): unknown[] {
  const { outbox, records } = browser.disk.rows;
  const rows = [...records.values()].flatMap((topic) => [...topic.values()]);
  const all = [
    ...[...outbox.values()].map(({ mutation }) => ({ ...mutation, attrs: mutation.set })),
    ...rows,
  ];
  return all.filter(({ attrs, recordVersion }) => (recordVersion === 2 ? isOld : isNew)(attrs));
}

/** Opens the new page again and again, until it lives to the end; then the server is there. */
async function goOn(world: World) {
  const { browser, core, writes } = world;
  const before = writes.length;
  const page = await browser.open(NEW);
  browser.network.online = true;
  await browser.settle(60_000);
  expect(page.medulla.status.get('pending')).toBe(0);
  expect(byId(page.tasks.toJSON())).toEqual(byId(await rowsOf(core)));
  expect(await rowsOf(core)).toMatchObject([
    { id: 'a', name: 'A2', done: true },
    { id: 'c', note: 'x' },
    { id: 'd', name: 'D', done: false },
  ]);
  return writes.slice(before);
}

describe('a hub that dies while it migrates', () => {
  it('[MG3] leaves nothing that the next could mistake, whichever commit it dies before', async () => {
    let commits = 0;
    for (let crashed = 1; crashed > 0; commits++) {
      const world = await offlineForDays();
      const { browser } = world;
      browser.commits = commits;
      await browser.open(NEW);
      await browser.settle();
      crashed = browser.crashed;
      expect([commits, mistaken(world)]).toEqual([commits, []]);
      browser.commits = Number.POSITIVE_INFINITY;
      browser.kill();
      const sent = await goOn(world);
      expect(sent.map(([, version]) => version)).toEqual([2, 2, 2, 2, 2]);
    }
    expect(commits).toBeGreaterThan(2);
  });

  it('[MG3] has each write have its effect once, whatever is cut meanwhile', {
    timeout: 60_000,
  }, async () => {
    let crashes = 0;
    for (let seed = 1; seed <= 30; seed++) {
      const random = seededRandom(seed);
      const world = await offlineForDays();
      const { browser, writes } = world;
      const [before, pushes] = [writes.length, pushed(browser).length];
      for (let times = 0; times < 3; times++) {
        browser.commits = Math.floor(random.next() * 4);
        browser.network.online = random.next() < 0.6;
        await browser.open(NEW);
        await browser.settle(random.next() * 400);
        if (random.next() < 0.3) browser.network.online = false;
        await browser.settle(random.next() * 400);
        crashes += browser.crashed;
        browser.crashed = 0;
        browser.commits = Number.POSITIVE_INFINITY;
        browser.kill();
      }
      await goOn(world);
      const judged = writes.slice(before).map(([id]) => id);
      expect([seed, judged.length, new Set(judged).size]).toEqual([seed, 5, 5]);
      expect(
        pushed(browser)
          .slice(pushes)
          .filter(({ mutation }) => mutation.recordVersion !== 2),
      ).toEqual([]);
    }
    expect(crashes).toBeGreaterThan(30);
  });
});

describe('a browser with nothing to migrate', () => {
  it('[MG4] takes the number of the first page that has one, and asks nobody', async () => {
    const { browser } = deploy();
    let asked = 0;
    const count = {
      recordVersion: 7,
      migrate(attrs: object) {
        asked += 1;
        return attrs;
      },
    };
    const page = await browser.open(count);
    page.tasks.create({ id: 'a', name: 'A' });
    await browser.settle();
    browser.kill();
    const again = await browser.open(count);
    expect([asked, again.tasks.length, browser.disk.rows.recordVersion]).toEqual([0, 1, 7]);
  });
});
