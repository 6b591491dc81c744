import { describe, expect, it } from 'vitest';
import type { Imported } from '../../src/client/medulla.ts';
import type { Requests } from '../../src/protocol/server-up.ts';
import { Refusal } from '../../src/server.ts';
import { Browser, type Page } from '../migrate/browser.ts';
import { testCore } from '../server/support/test-core.ts';

/** One server, a browser with a page whose outbox holds a change that was sent without an answer, a refused create and a create that was never sent. */
async function withOutbox() {
  const { core } = testCore();
  const made: string[] = [];
  core.resource('/tasks', { public: true }).use('create', 'update', async (ctx, next) => {
    if (ctx.attrs?.title === 'bad') throw new Refusal('No such title', { code: 'invalid' });
    made.push(String(ctx.attrs?.title));
    await next();
  });
  const browser = new Browser(core);
  const page = await browser.open();
  page.tasks.create({ title: 'A' });
  page.tasks.create({ title: 'bad' });
  await browser.settle();
  browser.network.lost = 1;
  page.tasks.findWhere({ title: 'A' })?.save({ title: 'A2' });
  await browser.settle(10);
  browser.network.online = false;
  await browser.settle();
  page.tasks.create({ title: 'N' });
  await browser.settle(4_000);
  return { core, browser, page, made };
}

const exported = async ({ medulla }: Page, browser: Browser): Promise<readonly object[]> => {
  const items = medulla.export();
  await browser.settle();
  return JSON.parse(JSON.stringify(await items));
};

async function imported(page: Page, browser: Browser, items: unknown): Promise<Imported | string> {
  const done = page.medulla.import(items as object[]).catch(({ code, message }) => `${code}: ${message}`);
  await browser.settle();
  return done;
}

const states = (items: readonly object[]) =>
  items.map((item) => {
    const { set, method, state, number } = item as Record<string, unknown>;
    return [(set as { title: string }).title, method, state, typeof number];
  });

describe('an outbox that is saved', () => {
  it('[SF12] has what was sent without an answer, what was never sent and what was refused, while there is no connection', async () => {
    const { browser, page } = await withOutbox();
    const items = await exported(page, browser);
    expect(states(items)).toEqual([
      ['bad', 'create', 'rejected', 'number'],
      ['A2', 'update', 'queued', 'number'],
      ['N', 'create', 'queued', 'number'],
    ]);
    expect(items[0]).toMatchObject({ user: 'ann', receipt: { code: 'invalid', message: 'No such title' } });
  });

  it('[SF12] is whole though the disk refuses it, and though the user has switched the line off', async () => {
    const { core } = testCore();
    core.resource('/tasks', { public: true });
    const browser = new Browser(core);
    browser.disk.storage = () => ({
      ...noDisk,
      open: () => Promise.reject(new Error('no')),
    });
    const page = await browser.open();
    page.medulla.disconnect();
    await browser.settle();
    page.tasks.create({ title: 'N' });
    expect(states(await exported(page, browser))).toEqual([['N', 'create', 'queued', 'object']]);
  });

  it('[SF13] is taken in by another browser of the user, which sends it; the original comes home and has no second effect', async () => {
    const { core, browser, page, made } = await withOutbox();
    const items = await exported(page, browser);
    const other = new Browser(core);
    const there = await other.open();
    const ids = items.map((item) => (item as { id: string }).id);
    expect(await imported(there, other, items)).toEqual({ taken: ids, known: [], durable: true });
    await other.settle(2_000);
    expect(there.tasks.pluck('title').sort()).toEqual(['A2', 'N', 'bad']);
    expect(there.medulla.status.get('rejected')).toBe(1);
    // With their own numbers, so that a server that has forgotten what it did says so.
    const sent = other.network.asked.flatMap(({ name, request }) =>
      name === 'push' ? (request as Requests['push']).mutations : [],
    );
    expect(sent.map(({ mutation, number }) => [mutation.id, number])).toEqual(
      items.slice(1).map((item) => [(item as Sent).id, (item as Sent).number]),
    );
    expect([...other.disk.rows.outbox.values()].map(({ mutation }) => mutation.set)).toEqual([
      { title: 'bad' },
    ]);
    browser.network.online = true;
    await browser.settle(40_000);
    expect(page.medulla.status.get('pending')).toBe(0);
    expect(made).toEqual(['A', 'A2', 'N']);
  });

  it('[SF13] is taken once: what is known is said to be', async () => {
    const { browser, page, made } = await withOutbox();
    const items = await exported(page, browser);
    const ids = items.map((item) => (item as { id: string }).id);
    expect(await imported(page, browser, [...items, ...items])).toEqual({
      taken: [],
      known: ids,
      durable: true,
    });
    browser.network.online = true;
    await browser.settle(40_000);
    expect(await imported(page, browser, items)).toMatchObject({ known: [ids[0]] });
    await browser.settle(2_000);
    expect(made).toEqual(['A', 'A2', 'N']);
    expect(page.medulla.status.get('pending')).toBe(0);
  });

  it('[SF13] says that it is not on the disk, where that is so, and is sent all the same', async () => {
    const { core, browser, page, made } = await withOutbox();
    const items = await exported(page, browser);
    const other = new Browser(core);
    other.disk.storage = () => ({ ...noDisk, open: () => Promise.reject(new Error('no')) });
    const there = await other.open();
    expect(await imported(there, other, items)).toMatchObject({ durable: false });
    await other.settle(2_000);
    expect(made).toEqual(['A', 'A2', 'N']);
  });
});

describe('what is not taken in', () => {
  it.each([
    ['what is no list', { a: 1 }, 'bad-message: Cannot import what is no list of items'],
    ['what is nothing', undefined, 'bad-message: Cannot import what is no list of items'],
    ['an item that is none', [17], 'bad-message: Cannot import item 1.mutation.id is not text'],
    ['a number that is none', [{ number: 'x' }], 'item 1.number'],
    ['another’s', [{ user: 'bob' }], 'wrong-user: Cannot import item 1: it is bob'],
  ])('[SF14] %s: then nothing is', async (_what, wrong, why) => {
    const { core, browser, page } = await withOutbox();
    const [item, ...rest] = await exported(page, browser);
    const bad = Array.isArray(wrong)
      ? [item, typeof wrong[0] === 'object' ? { ...rest[0], ...wrong[0] } : wrong[0]]
      : wrong;
    const other = new Browser(core);
    const there = await other.open();
    expect(await imported(there, other, bad)).toContain(why);
    expect([there.medulla.status.get('rejected'), other.disk.rows.outbox.size]).toEqual([0, 0]);
  });
});

interface Sent {
  readonly id: string;
  readonly number: number;
}

const noDisk = {
  records: async () => ({ row: null, records: [] }),
  queries: async () => [],
  commit: async () => undefined,
  close: () => undefined,
};
