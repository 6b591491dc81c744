import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../src/testing/seeded-random.ts';
import type { Page, SharedBrowser } from './shared-browser.ts';
import { world } from './world.ts';

/** The page's user reads, writes, and leaves a write on its way and an edit unsaved; all of it bears their name. */
async function work(browser: SharedBrowser, { backbone }: Page, who: string): Promise<void> {
  const Own = backbone.Collection.extend({ url: `/${who}/tasks`, follow: true });
  const own = new Own();
  own.fetch();
  await browser.settle();
  own.create({ id: `id-of-${who}`, title: `title of ${who}` });
  await browser.settle();
  own.at(0).save({ note: `note of ${who}` });
  own.at(0).set({ typed: `typed by ${who}` });
  own.create({ title: `second of ${who}` }, { wait: true });
}

const marks = (who: string) =>
  new RegExp(`/${who}/|(id-|title |note |second )of[- ]${who}|typed by ${who}`, 'g');

/** What of `who` is where `whose` is kept, or has crossed their wire. */
const found = (browser: SharedBrowser, who: string, whose: string) =>
  (browser.held(whose) + browser.said(whose)).match(marks(who)) ?? [];

function expectApart(browser: SharedBrowser, ...users: string[]): void {
  for (const who of users)
    for (const whose of ['', ...users].filter((other) => other !== who))
      expect({ who, whose, found: found(browser, who, whose) }).toEqual({ who, whose, found: [] });
}

describe('nothing of one user is another’s', () => {
  it('[US19] from one to the next and back', async () => {
    const { browser, rows } = world();
    const page = await browser.open({ user: 'ann' });
    for (const [who, next] of [
      ['ann', 'bob'],
      ['bob', 'ann'],
      ['ann', 'bob'],
    ] as const) {
      await work(browser, page, who);
      page.medulla.signIn(next);
      await browser.settle();
    }
    await browser.settle(10_000);
    expectApart(browser, 'ann', 'bob');
    for (const who of ['ann', 'bob']) expect(found(browser, who, who).length).toBeGreaterThan(5);
    expect([(await rows('/ann/tasks')).length, (await rows('/bob/tasks')).length]).toEqual([3, 2]);
  });

  it('[US19] where one keeps an outbox while another is here', async () => {
    const { browser, rows } = world();
    const page = await browser.open({ user: 'ann' });
    browser.network.online = false;
    await work(browser, page, 'ann');
    const out = page.medulla.signOut({ outbox: 'keep' });
    await browser.settle();
    await out;
    expectApart(browser, 'ann', 'bob');
    page.medulla.signIn('bob');
    browser.network.online = true;
    await browser.settle(60_000);
    await work(browser, page, 'bob');
    await browser.settle(10_000);
    expect(await rows('/ann/tasks')).toEqual([]);
    const again = page.medulla.signOut();
    await browser.settle();
    await again;
    page.medulla.signIn('ann');
    await browser.settle(10_000);
    expectApart(browser, 'ann', 'bob');
    expect(await rows('/ann/tasks')).toHaveLength(2);
    expect(browser.held('bob')).not.toMatch(marks('bob'));
  });

  it('[US19] where what nobody wrote is adopted, but for that', async () => {
    const { browser } = world();
    const page = await browser.open();
    browser.network.online = false;
    page.tasks.create({ id: 'draft', title: 'anonymous draft' });
    page.medulla.signIn('ann', { adopt: true });
    await browser.settle();
    await work(browser, page, 'ann');
    browser.network.online = true;
    await browser.settle(60_000);
    page.medulla.signIn('bob');
    await browser.settle();
    await work(browser, page, 'bob');
    await browser.settle(10_000);
    expectApart(browser, 'ann', 'bob');
    expect(browser.held('ann') + browser.said('ann')).toContain('anonymous draft');
    expect(browser.held('')).not.toContain('anonymous draft');
  });

  for (const seed of [1, 2, 3, 4, 5, 6])
    it(`[US19] where hubs die in mid-switch (${seed})`, async () => {
      const { browser } = world();
      const random = seededRandom(seed);
      const pages = [await browser.open({ user: 'ann' }), await browser.open({ user: 'bob' })];
      let deaths = 0;
      browser.dies = () => random.next() < 0.15 && ++deaths < 40;
      for (let turn = 0; turn < 8; turn++) {
        for (const page of pages) {
          const who = String(page.medulla.status.get('user') ?? '');
          if (who) await work(browser, page, who);
          const next = random.next() < 0.5 ? 'ann' : 'bob';
          const outbox = random.next() < 0.5 ? 'keep' : 'discard';
          if (random.next() < 0.3) page.medulla.signOut({ outbox }).catch(() => undefined);
          if (random.next() < 0.3) await browser.settle(random.next() * 100);
          page.medulla.signIn(next);
          if (random.next() < 0.5) browser.killHub(next);
          await browser.settle(random.next() * 6_000);
        }
      }
      await browser.settle(30_000);
      expect(deaths).toBeGreaterThan(3);
      expectApart(browser, 'ann', 'bob');
      expect(found(browser, 'ann', 'ann').length).toBeGreaterThan(5);
      expect(pages.flatMap(({ reported }) => reported)).toEqual([]);
    });
});
