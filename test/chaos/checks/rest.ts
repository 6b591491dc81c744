import { until } from '../../support/until.ts';
import type { Browser } from '../browser.ts';
import type { Ledger } from '../ledger.ts';
import type { Tab } from '../tab.ts';
import { type Item, type Order, POISON, type Standing, TOPICS, USERS } from '../words.ts';
import { titleOf } from '../work.ts';
import { compareAll } from './converging.ts';
import { oneCommitter } from './one-committer.ts';

/** What a run may take to come to rest: attempts to connect are throttled by Chromium, on top of the hub's own backoff. */
const LIMIT = 60_000;

/**
 * All is quiet: every request has its answer and the outbox is empty, but for what the server fails on (P9). That is
 * given up then. What was typed is still there (P10); it is saved, what was refused is given up, each database belongs
 * to one hub (P8), and all models are what the server's has (P4). False: it never became quiet.
 */
export async function rest(browser: Browser, ledger: Ledger): Promise<boolean> {
  const tabs = browser.awake;
  const firsts = USERS.flatMap((user) => tabs.find((tab) => tab.user === user) ?? []);
  ledger.story.tell('all', `everything works again; ${tabs.length} tabs`);
  for (const tab of firsts) await poison(tab, ledger);
  if (!(await quiet(tabs, ledger))) return false;
  for (const tab of firsts) await antidote(tab, ledger);
  if (!(await quiet(tabs, ledger))) return false;
  for (const tab of tabs) await saveDrafts(tab, ledger);
  if (!(await quiet(tabs, ledger))) return false;
  for (const tab of firsts) if (!(await giveUp(tab, ledger))) return false;
  if (!(await oneCommitter(firsts, ledger))) return false;
  for (const tab of tabs) await undo(tab, ledger);
  return compareAll(tabs, ledger, browser.world.file());
}

/** A write that the server fails on, and one after it that is not to wait for that. */
async function poison(tab: Tab, ledger: Ledger): Promise<void> {
  const order = (word: string): Order => {
    const mark = ledger.mark();
    return { mark, kind: 'create', topic: TOPICS[0], chance: 0, title: titleOf(mark, word) };
  };
  await tab.act(order(POISON), order('after'));
}

/** P9: what stands behind a write that the server fails on is all that is not done. */
async function antidote(tab: Tab, ledger: Ledger): Promise<void> {
  const { items } = await tab.page.evaluate(() => chaos.standing());
  const poisons = items.filter(isPoison);
  ledger.check('P9', poisons.length > 0, [], () => `${tab.user}'s poison is not in the outbox`);
  for (const { id } of poisons) await tab.act(discard(ledger, id));
}

const isPoison = ({ title }: Item) => title.startsWith(POISON);

async function quiet(tabs: readonly Tab[], ledger: Ledger): Promise<boolean> {
  const standing = () =>
    Promise.all(tabs.map(async (tab) => ({ tab, ...(await tab.page.evaluate(() => chaos.standing())) })));
  const isQuiet = await until(
    'all is quiet',
    async () => {
      const now = await standing();
      const firsts = USERS.flatMap((user) => now.find(({ tab }) => tab.user === user) ?? []);
      for (const { tab, items } of firsts)
        for (const { id } of items.filter(isHolding)) await tab.act(discard(ledger, id));
      return now.every((one) => one.connection === 'open' && left(one, ledger).isNone);
    },
    LIMIT,
  ).catch(() => false);
  if (isQuiet) return true;
  for (const one of await standing()) {
    const { tab, connection, pending } = one;
    const { waiting, items } = left(one, ledger);
    const about = waiting.flatMap((mark) => [mark, ledger.writes.get(mark)?.record ?? mark]);
    if (waiting.length > 0) ledger.fail('settled', about, `${tab.name} never had an answer to ${waiting}`);
    const names = items.flatMap(({ id, record }) => [id, record]);
    if (items.length > 0 || connection !== 'open')
      ledger.fail('settled', names, `${tab.name} is ${connection} with ${pending} pending: ${told(items)}`);
  }
  return false;
}

/** What is not done and not behind a write that the server fails on. */
function left({ waiting, items, pending }: Standing, ledger: Ledger) {
  const poisoned = new Set(items.filter(isPoison).map(({ record }) => record));
  const isFree = (record: string | undefined) => record === undefined || !poisoned.has(record);
  const others = {
    waiting: waiting.filter((mark) => isFree(ledger.writes.get(mark)?.record)),
    items: items.filter(({ record, state }) => state !== 'rejected' && isFree(record)),
  };
  const shown = items.filter(({ state }) => state !== 'rejected').length;
  return { ...others, isNone: !others.waiting.length && !others.items.length && pending <= shown };
}

/** A refused create holds what was written behind it, until somebody decides. */
const isHolding = ({ id, record, state, method }: Item, _: number, items: readonly Item[]) =>
  state === 'rejected' && method === 'create' && items.some((one) => one.record === record && one.id !== id);

const told = (items: readonly Item[]) =>
  items.map(({ id, state, method }) => `${state} ${method} ${id}`).join(', ');

function discard(ledger: Ledger, item: string): Order {
  return { mark: ledger.mark(), kind: 'decide', topic: TOPICS[0], chance: 0, decision: 'discard', item };
}

async function saveDrafts(tab: Tab, ledger: Ledger): Promise<void> {
  const orders = Array.from({ length: 40 }, (): Order => {
    return { mark: ledger.mark(), kind: 'save', topic: TOPICS[0], chance: 0 };
  });
  for (const order of orders) ledger.ordered(order, tab.life);
  await tab.page.evaluate((list) => chaos.saveDrafts(list), orders);
}

async function giveUp(tab: Tab, ledger: Ledger): Promise<boolean> {
  const isDone = await until(
    'nothing is rejected',
    async () => {
      const { rejected, items } = await tab.page.evaluate(() => chaos.standing());
      for (const { id, state } of items) if (state === 'rejected') await tab.act(discard(ledger, id));
      return rejected === 0 && items.length === 0;
    },
    LIMIT,
  ).catch(() => false);
  if (isDone) return true;
  const { items } = await tab.page.evaluate(() => chaos.standing());
  const names = items.flatMap(({ id, record }) => [id, record]);
  ledger.fail('P7', names, `what was discarded stays in the outbox: ${told(items)}`);
  return false;
}

/** Edits that a refusal left are undone; others are not to be there. */
async function undo(tab: Tab, ledger: Ledger): Promise<void> {
  for (const { record, names, why } of await tab.page.evaluate(() => chaos.unsaved()))
    ledger.check(
      'P4',
      why !== null,
      [record],
      () => `${tab.name} has edits of ${record} that nobody made: ${names}`,
    );
  await tab.page.evaluate(() => chaos.undo());
}
