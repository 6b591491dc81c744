import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { converged } from '../support/browser/converged.ts';
import { expectOnce } from '../support/browser/expect-once.ts';
import { RawWorld } from '../support/browser/raw-world.ts';
import { seen } from '../support/browser/seen.ts';
import { appliedMutations, savedCards } from '../support/browser/server-database.ts';
import type { RawChromiumTab } from '../support/engines/raw-chromium.ts';
import { until } from '../support/until.ts';

let world: RawWorld;
const open = async (host: string) => {
  world = await RawWorld.open({
    host,
    caching: 'no-cache',
    paths: {
      '/elsewhere': () => '<!doctype html><title>Elsewhere</title>',
      '/second': () => readFile(join(import.meta.dirname, '../support/browser/page.html'), 'utf8'),
    },
  });
};
afterEach(async () => {
  await world.close();
});

/** Leaves a mark in the page's memory, which only a page that comes back from the cache still has. */
const mark = (tab: RawChromiumTab) =>
  tab.evaluate(() => {
    Object.assign(globalThis, { marked: true });
  });

const leave = async (tab: RawChromiumTab) =>
  tab.leave(await tab.evaluate(() => `${location.origin}/elsewhere`));

/** Whether the page came back as it was, and why not by the browser's own account. */
const comeback = (tab: RawChromiumTab) =>
  tab.evaluate(() => {
    const [entry] = performance.getEntriesByType('navigation');
    const { notRestoredReasons: reasons = null } = entry as unknown as { notRestoredReasons?: unknown };
    return { marked: 'marked' in globalThis, reasons: JSON.stringify(reasons) };
  });

const RESTORED = { marked: true, reasons: 'null' };

describe.each(['shared', 'leader', 'service', 'page'])('the back/forward cache, host %s', (host) => {
  beforeEach(() => open(host));

  it('[LC1] gives a page back whole that was the only one, with what it wrote before it left', async () => {
    const tab = await world.tab();
    await mark(tab);
    await tab.evaluate(() => t.create({ id: 'own', title: 'on the way out' }));
    await leave(tab);
    await world.server.publish({ count: 20, records: 20, size: 10 });
    await tab.back();
    expect(await comeback(tab)).toEqual(RESTORED);
    await seen(tab, () => t.cards.length === 21);
    await tab.evaluate(() => t.create({ id: 'later', title: 'live again' }));
    await world.server.publish({ count: 1, records: 1, size: 20 });
    await seen(tab, () => String(t.attr('0', 'text')).length === 20);
    await until('the server has both', () => /own.*later|later.*own/.test(savedCards(world.file())));
    expect(await converged([tab])).toBe(savedCards(world.file()));
    expect(world.complaints).toEqual([]);
  });

  it('[LC2] gives a page back whole, also while another tab gets many changes', async () => {
    const watching = await world.tab();
    const tab = await world.tab();
    await mark(tab);
    await leave(tab);
    await world.server.publish({ count: 2_000, records: 40, size: 100 });
    await seen(watching, () => t.attr('39', 'n') === 1_999);
    await watching.evaluate(() => t.create({ id: 'theirs', title: 'by the other' }));
    await tab.back();
    expect(await comeback(tab)).toEqual(RESTORED);
    await seen(tab, () => t.attr('39', 'n') === 1_999 && t.attr('theirs', 'title'));
    await tab.evaluate(() => t.edit('theirs', { title: 'by both' }));
    await seen(watching, () => t.attr('theirs', 'title') === 'by both');
    await until('the server has it', () => savedCards(world.file()).includes('by both'));
    expect(await converged([tab, watching])).toBe(savedCards(world.file()));
    expect(world.complaints).toEqual([]);
  });

  it('[LC1] gives a page back whole after another of the same application, which shows what it had queued', async () => {
    const tab = await world.tab();
    await mark(tab);
    await world.server.kill();
    await tab.evaluate(() => t.create({ id: 'first', title: 'of the first' }));
    await seen(tab, () => t.pending() === 0);
    await tab.leave(await tab.evaluate(() => `${location.origin}/second${location.search}`));
    await seen(tab, () => 't' in globalThis && t.attr('first', 'title'));
    expect(await tab.evaluate(() => t.status())).toMatchObject({ durable: true, pending: 1, host });
    await tab.evaluate(() => t.create({ id: 'second', title: 'of the second' }));
    await seen(tab, () => t.pending() === 0 && t.status().pending === 2);
    await tab.back();
    expect(await comeback(tab)).toEqual(RESTORED);
    await seen(tab, () => t.attr('second', 'title') && t.status().durable === true);
    await world.server.start(world.file());
    await expectOnce(world.file(), [tab], 2);
    expect(world.complaints).toEqual([]);
  });
});

/** A page that is its own host sends it once it is back. */
describe.each(['shared', 'leader', 'service'])(
  'the back/forward cache, host %s, without a server',
  (host) => {
    beforeEach(() => open(host));

    it('[LC1] keeps what was written without a server before the page was left', async () => {
      const tab = await world.tab();
      const watching = await world.tab();
      await mark(tab);
      await world.server.kill();
      await tab.evaluate(() => t.create({ id: 'own', title: 'in the dark' }));
      await leave(tab);
      await world.server.start(world.file());
      await seen(watching, () => t.attr('own', 'title'));
      await until('the server has it', () => savedCards(world.file()).includes('in the dark'));
      await tab.back();
      expect(await comeback(tab)).toEqual(RESTORED);
      await seen(tab, () => t.pending() === 0);
      expect(await tab.evaluate(() => t.outcomes)).toHaveLength(1);
      expect(await converged([tab, watching])).toBe(savedCards(world.file()));
      expect(world.complaints).toEqual([]);
    });
  },
);

describe.each(['shared', 'leader', 'service'])('a tab that is put away, host %s', (host) => {
  beforeEach(() => open(host));

  it('[LC3] is whole when it was frozen with writes under way, and live again', async () => {
    const watching = await world.tab();
    const tab = await world.tab();
    await world.server.kill();
    await tab.evaluate(() => t.create({ id: 'own', title: 'before the frost' }, { wait: true }));
    const wake = await world.engine.freeze?.(tab);
    await world.server.start(world.file());
    await until('the server has it', () => savedCards(world.file()).includes('before the frost'));
    await world.server.publish({ count: 300, records: 30, size: 50 });
    await seen(watching, () => t.attr('29', 'n') === 299);
    await wake?.();
    await seen(tab, () => t.pending() === 0 && t.attr('29', 'n') === 299);
    expect(await tab.evaluate(() => t.outcomes)).toEqual([200]);
    await tab.evaluate(() => t.edit('own', { title: 'after it' }));
    await seen(watching, () => t.attr('own', 'title') === 'after it');
    await until('the server has that', () => savedCards(world.file()).includes('after it'));
    expect(await converged([tab, watching])).toBe(savedCards(world.file()));
    expect(world.complaints).toEqual([]);
  });
});

describe.each(['shared', 'leader', 'service', 'page'])('a tab that is taken away, host %s', (host) => {
  beforeEach(() => open(host));

  it('[LC3] finds what it had queued when its renderer was taken away, and the page is loaded again', async () => {
    const tab = await world.tab();
    await world.server.kill();
    await tab.evaluate(() => t.create({ id: 'own', title: 'queued' }));
    await seen(tab, () => t.pending() === 0);
    expect(await tab.evaluate(() => t.outcomes)).toEqual([202]);
    tab.crash();
    const witness = await world.page('/elsewhere');
    await seen(witness, async () =>
      (await navigator.locks.query()).held?.every(({ name }) => !name?.startsWith('medulla-tab:')),
    );
    const again = await world.tab();
    expect(await again.evaluate(() => t.attr('own', 'title'))).toBe('queued');
    await world.server.start(world.file());
    await until('the server has it', () => savedCards(world.file()).includes('queued'));
    await seen(again, () => t.status().pending === 0);
    expect(appliedMutations(world.file())).toHaveLength(1);
    expect(await converged([again])).toBe(savedCards(world.file()));
    expect(world.complaints).toEqual([]);
  });
});
