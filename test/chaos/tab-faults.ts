import type { Place } from './faults.ts';
import type { Tab } from './tab.ts';
import { lasting } from './wait.ts';

const MOST = 5;
const LEAST = 2;

type TabFault = (place: Place, tab: Tab) => Promise<unknown>;

/** Takes a tab that takes orders, and leaves others that do. */
const ofOne =
  (act: TabFault) =>
  (place: Place): Promise<unknown> | false => {
    const { awake } = place.browser;
    if (awake.length <= LEAST) return false;
    const tab = place.dice.pick(awake);
    tab.state = 'busy';
    return act(place, tab);
  };

export const TAB_FAULTS = {
  open({ browser }: Place): Promise<unknown> | false {
    return browser.open.length < MOST && browser.openTab();
  },

  reload: ofOne(async ({ browser, ledger }, tab) => {
    ledger.fault('reload', tab.name, 'is reloaded');
    await tab.page.reload().catch((error) => unlessGone(tab, error));
    if (tab.state === 'busy') await browser.ready(tab).catch((error) => unlessGone(tab, error));
  }),

  /** It takes the hub for dead, which is not: two hubs over one database. */
  usurp: ofOne(async ({ browser, ledger }, tab) => {
    ledger.fault('usurp', tab.name, 'starts another hub');
    await tab.page.evaluate(() => chaos.usurp()).catch((error) => unlessGone(tab, error));
    await tab.page.reload().catch((error) => unlessGone(tab, error));
    if (tab.state === 'busy') await browser.ready(tab).catch((error) => unlessGone(tab, error));
  }),

  close: ofOne(async ({ browser, ledger }, tab) => {
    ledger.fault('close', tab.name, 'is closed');
    await tab.page.close();
    await atLeastThree(browser);
  }),

  crash: ofOne(async ({ browser, ledger }, tab) => {
    ledger.fault('crash', tab.name, 'crashes');
    const session = await browser.world.context.newCDPSession(tab.page);
    const crashed = tab.page.waitForEvent('crash');
    void session.send('Page.crash').catch(() => undefined);
    await crashed;
    await tab.page.close();
    await atLeastThree(browser);
  }),

  freeze: ofOne(async ({ browser, ledger, dice }, tab) => {
    const ms = dice.int(200, 4_000);
    const front = browser.awake[0];
    await front?.page.bringToFront();
    const thaw = await browser.world.freeze(tab.page).catch((error) => unlessGone(tab, error));
    if (!thaw) return;
    ledger.fault('freeze', tab.name, `is frozen for ${ms} ms`);
    await lasting(ms);
    await thaw().catch((error) => unlessGone(tab, error));
    ledger.story.tell(tab.name, 'is awake again');
    if (tab.state === 'busy') tab.state = 'awake';
  }),
} as const;

async function atLeastThree(browser: Place['browser']): Promise<void> {
  while (browser.open.length < 3 || browser.missing()) await browser.openTab();
}

/** A renderer that crashed took other tabs with it. */
function unlessGone(tab: Tab, error: unknown): undefined {
  if (tab.state !== 'gone') throw error;
}
