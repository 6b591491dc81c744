import type { Page } from 'playwright-core';
import type { EngineTab } from '../../support/engines/engine.ts';
import { until } from '../../support/until.ts';

/** Whether this page has the lock of the leader. */
export const leads = (page: EngineTab): Promise<boolean> =>
  page.evaluate(async () => {
    const name = `whose-${crypto.randomUUID()}`;
    return navigator.locks.request(name, async () => {
      const { held = [] } = await navigator.locks.query();
      const own = held.find((lock) => lock.name === name)?.clientId;
      const leader = held.find((lock) => /^medulla-leader:[^:]+:[^:]+:\d+[^:]*:[^:]*$/.test(lock.name ?? ''));
      return own === leader?.clientId;
    });
  });

/** The page that leads, and the others. */
export async function leaderOf(pages: readonly Page[]): Promise<{ leader: Page; others: Page[] }> {
  return until('one of them leads', async () => {
    const found = await Promise.all(pages.map(leads));
    const leader = pages[found.indexOf(true)];
    return leader && { leader, others: pages.filter((page) => page !== leader) };
  });
}

/** The page that leads and will go on leading, since somebody sees it, and the others. */
export async function settledLeaderOf(pages: readonly Page[]): Promise<{ leader: Page; others: Page[] }> {
  return until('the one that is seen leads', async () => {
    const found = await leaderOf(pages);
    return (await found.leader.evaluate(() => document.visibilityState === 'visible')) && found;
  });
}

/** Ends the page's process, as a fault of the browser does. */
export async function crash(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const crashed = page.waitForEvent('crash');
  session.send('Page.crash').catch(() => undefined);
  await crashed;
}

interface Probed {
  probe: { stop: boolean; done: number; longest: number };
}

/** Saves one card after the other in that page, each once the one before is applied: no timer, which a hidden page would slow. */
export const probe = (page: Page): Promise<void> =>
  page.evaluate(() => {
    const probe = { stop: false, done: 0, longest: 0 };
    Object.assign(globalThis, { probe });
    const card = t.cards.add({ id: `probe-${crypto.randomUUID()}` });
    const next = async () => {
      while (!probe.stop) {
        const began = performance.now();
        await card.save({ n: probe.done }, { wait: true });
        probe.done += 1;
        probe.longest = Math.max(probe.longest, performance.now() - began);
      }
    };
    void next();
  });

/** Resolves with how many of these saves were done, and the milliseconds that the longest took. */
export const probed = (page: Page): Promise<{ done: number; longest: number }> =>
  page.evaluate(() => {
    const { probe } = globalThis as unknown as Probed;
    probe.stop = true;
    return { done: probe.done, longest: Math.round(probe.longest) };
  });

/** Resolves once so many more of these saves are done. */
export async function goesOn(page: Page, more = 20): Promise<void> {
  const done = () => page.evaluate(() => (globalThis as unknown as Probed).probe.done);
  const goal = (await done()) + more;
  await until('it saves again', async () => (await done()) >= goal);
}

/** Has the page's database for itself, by a transaction that does not end before three seconds are over. */
export const inTransaction = (page: Page): Promise<void> =>
  page.evaluate(async () => {
    const [{ name = '' } = {}] = await indexedDB.databases();
    const request = indexedDB.open(name);
    await new Promise((resolve) => {
      request.onsuccess = resolve;
    });
    const db = request.result;
    const meta = db.transaction(['meta', 'outbox'], 'readwrite').objectStore('meta');
    const began = Date.now();
    await new Promise<void>((resolve) => {
      const again = () => {
        resolve();
        if (Date.now() - began < 3_000) meta.get(0).onsuccess = again;
        else db.close();
      };
      meta.get(0).onsuccess = again;
    });
  });
