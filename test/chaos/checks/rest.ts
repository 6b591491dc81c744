import { until } from '../../support/browser/until.ts';
import type { Browser } from '../browser.ts';
import type { Ledger } from '../ledger.ts';
import type { Tab } from '../tab.ts';
import { type Item, type Order, TOPICS } from '../words.ts';
import { compareAll } from './converging.ts';

/** What a run may take to come to rest: attempts to connect are throttled by Chromium, on top of the hub's own backoff. */
const LIMIT = 60_000;

/**
 * All is quiet: every request has its answer, and the outbox is empty. Then what was typed is still there (P10); it is
 * saved, what was refused is given up, and all models are what the database has (P4). False: it never became quiet.
 */
export async function rest(browser: Browser, ledger: Ledger): Promise<boolean> {
  const tabs = browser.awake;
  ledger.story.tell('all', `everything works again; ${tabs.length} tabs`);
  if (!(await quiet(tabs, ledger))) return false;
  for (const tab of tabs) await saveDrafts(tab, ledger);
  if (!(await quiet(tabs, ledger))) return false;
  if (!(await giveUp(tabs, ledger))) return false;
  for (const tab of tabs) await undo(tab, ledger);
  return compareAll(tabs, ledger, browser.world.file());
}

async function quiet(tabs: readonly Tab[], ledger: Ledger): Promise<boolean> {
  const standing = () =>
    Promise.all(tabs.map(async (tab) => ({ tab, ...(await tab.page.evaluate(() => chaos.standing())) })));
  const isQuiet = await until(
    'all is quiet',
    async () => {
      const now = await standing();
      const [first] = now;
      for (const { id } of first?.items.filter(isHolding) ?? []) await first?.tab.act(discard(ledger, id));
      return now.every(
        ({ waiting, pending, connection }) => waiting.length === 0 && pending === 0 && connection === 'open',
      );
    },
    LIMIT,
  ).catch(() => false);
  if (isQuiet) return true;
  for (const { tab, waiting, connection, pending, items } of await standing()) {
    const about = waiting.flatMap((mark) => [mark, ledger.writes.get(mark)?.record ?? mark]);
    if (waiting.length > 0) ledger.fail('settled', about, `${tab.name} never had an answer to ${waiting}`);
    const left = items.filter(({ state }) => state !== 'rejected');
    const names = left.flatMap(({ id, record }) => [id, record]);
    if (pending > 0 || connection !== 'open')
      ledger.fail('settled', names, `${tab.name} is ${connection} with ${pending} pending: ${told(left)}`);
  }
  return false;
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

async function giveUp(tabs: readonly Tab[], ledger: Ledger): Promise<boolean> {
  const [first] = tabs;
  if (!first) return false;
  const isDone = await until(
    'nothing is rejected',
    async () => {
      const { rejected, items } = await first.page.evaluate(() => chaos.standing());
      for (const { id, state } of items) if (state === 'rejected') await first.act(discard(ledger, id));
      return rejected === 0 && items.length === 0;
    },
    LIMIT,
  ).catch(() => false);
  if (isDone) return true;
  const { items } = await first.page.evaluate(() => chaos.standing());
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
