import { type Dice, dice } from '../support/dice.ts';
import { Browser } from './browser.ts';

import { fate } from './checks/fate.ts';
import { noGap } from './checks/no-gap.ts';
import { inOrder, once } from './checks/once.ts';
import { ownUser } from './checks/own-user.ts';
import { rest } from './checks/rest.ts';
import { readDatabase } from './database.ts';
import { goWrong, heal, type Place } from './faults.ts';
import { Ledger, PROMISES } from './ledger.ts';
import { lasting } from './wait.ts';
import { orders } from './work.ts';

export interface ChaosOptions {
  readonly seed: number;
  /** How long work and faults go on; rest and reckoning come on top. */
  readonly seconds: number;
  /** Is told the story as it happens. */
  readonly echo?: (line: string) => void;
}

export interface ChaosResult {
  readonly failures: readonly string[];
  /** One line: writes, faults by kind, how often each promise was put to the test. */
  readonly totals: string;
}

/**
 * Tabs of a real browser write while everything around them breaks, then rest, then the reckoning. The dice decide
 * what is done and what breaks, in which order and after how long; how far each thing has come when the next one
 * happens is the machine's to decide. So a seed replays the schedule, not the run: one that failed may pass the next
 * time, and the story of the failure is the evidence.
 */
export async function runChaos({ seed, seconds, echo }: ChaosOptions): Promise<ChaosResult> {
  const ledger = new Ledger(echo);
  const browser = await Browser.open(ledger);
  try {
    for (let n = 0; n < 4; n++) await browser.openTab();
    const all = dice(seed);
    const place: Place = { browser, ledger, dice: all.fork('faults'), taken: new Set() };
    const end = ledger.story.seconds + seconds;
    const isOver = () => ledger.story.seconds >= end || ledger.failures.length > 0;
    const [under] = await Promise.all([
      trouble(place, isOver),
      work(browser, ledger, all.fork('work'), isOver),
    ]);
    await Promise.all(under);
    await heal(place);
    while (browser.awake.length < 3 || browser.missing()) await browser.openTab();
    if (ledger.failures.length === 0 && (await rest(browser, ledger))) reckon(ledger, browser.world.file());
    for (const complaint of browser.world.complaints)
      ledger.fail('settled', [], `a page threw what nobody caught: ${complaint}`);
  } finally {
    await browser.close();
  }
  return { failures: ledger.failures, totals: totals(ledger, seed, seconds) };
}

async function work(browser: Browser, ledger: Ledger, dice: Dice, isOver: () => boolean): Promise<void> {
  // Now and then nobody does anything for a while, and then many do much.
  while (!isOver()) {
    const { awake } = browser;
    const busy = dice.chance(0.1) ? awake : [dice.pick(awake)];
    await Promise.all(busy.map((tab) => tab.act(...orders(ledger, dice))));
    if (dice.chance(0.1)) await dice.pick(awake).look();
    await lasting(dice.chance(0.03) ? dice.int(500, 2_000) : dice.int(5, 100));
  }
}

/** Returns what is still going on when it is over. */
async function trouble(place: Place, isOver: () => boolean): Promise<Promise<unknown>[]> {
  const under: Promise<unknown>[] = [];
  while (!isOver()) {
    await lasting(place.dice.int(100, 1_400));
    const fault = goWrong(place).catch((error) => {
      place.ledger.fail(
        'settled',
        [],
        `a fault went wrong itself: ${error instanceof Error ? error.stack : error}`,
      );
    });
    under.push(fault);
  }
  return under;
}

function reckon(ledger: Ledger, file: string): void {
  const database = readDatabase(file);
  fate(ledger, database);
  once(ledger, database);
  inOrder(ledger, database);
  noGap(ledger, database);
  ownUser(ledger, database);
  for (const { answer } of ledger.writes.values()) if (answer) ledger.checked.settled += 1;
  for (const promise of PROMISES)
    if (ledger.checked[promise] === 0) ledger.fail(promise, [], 'it was never put to the test');
}

function totals(
  { writes, handed, repeated, faults, checked, failures }: Ledger,
  seed: number,
  seconds: number,
) {
  const count = (of: Readonly<Record<string, number>>) =>
    Object.entries(of)
      .map(([name, times]) => `${name} ${times}`)
      .join(', ');
  const made = `${writes.size} orders, ${handed.size} writes, ${repeated} repeated`;
  return `seed ${seed}, ${seconds} s: ${made}; faults ${count(faults)}; checked ${count(checked)}; ${failures.length} failures`;
}
