import type { Dice } from '../support/dice.ts';
import { until } from '../support/until.ts';
import type { Browser } from './browser.ts';
import { hasEffect } from './database.ts';
import type { Ledger } from './ledger.ts';
import { TAB_FAULTS } from './tab-faults.ts';
import { lasting } from './wait.ts';

export interface Place {
  readonly browser: Browser;
  readonly ledger: Ledger;
  readonly dice: Dice;
  /** What two faults at a time would undo for one another. */
  readonly taken: Set<'network' | 'server'>;
}

/** One thing that goes wrong. Resolves when it is over. False: not now. */
type Fault = (place: Place) => Promise<unknown> | false;

/** Holds it for as long as the fault lasts; false where another has it. */
function having(place: Place, what: 'network' | 'server', act: () => Promise<unknown>) {
  if (place.taken.has(what)) return false;
  place.taken.add(what);
  return act().finally(() => place.taken.delete(what));
}

const FAULTS: Readonly<Record<string, Fault>> = {
  reset: (place) =>
    having(place, 'network', async () => {
      place.ledger.fault('reset', 'network', 'its connections are reset');
      place.browser.world.proxy.reset();
    }),

  cut: (place) =>
    having(place, 'network', async () => {
      const { proxy } = place.browser.world;
      const ms = place.dice.int(50, 2_500);
      place.ledger.fault('cut', 'network', `is cut for ${ms} ms`);
      proxy.cut();
      await lasting(ms);
      await proxy.restore();
      place.ledger.story.tell('network', 'is back');
    }),

  hold: (place) =>
    having(place, 'network', async () => {
      const { proxy } = place.browser.world;
      const way = place.dice.pick(['up', 'down'] as const);
      const [ms, loses] = [place.dice.int(100, 2_000), place.dice.chance(0.5)];
      place.ledger.fault('hold', 'network', `brings nothing ${way} for ${ms} ms`);
      proxy.hold(way);
      await lasting(ms);
      if (loses) proxy.cut();
      await proxy.restore();
      place.ledger.story.tell('network', loses ? 'lost it, and is back' : 'brings it now');
    }),

  slow: (place) =>
    having(place, 'network', async () => {
      const { proxy } = place.browser.world;
      const [delay, ms] = [place.dice.int(20, 300), place.dice.int(300, 2_500)];
      place.ledger.fault('slow', 'network', `takes ${delay} ms each way, for ${ms} ms`);
      proxy.delay(delay);
      await lasting(ms);
      proxy.delay(0);
    }),

  /** Between push and receipt: the server has done it, and nobody is told. */
  unanswered: (place) => {
    const { browser, ledger, dice } = place;
    const tab = browser.awake[0];
    if (!tab || place.taken.has('server')) return false;
    return having(place, 'network', async () => {
      const { world } = browser;
      world.proxy.hold('down');
      const mark = ledger.mark();
      const order = {
        mark,
        kind: 'create',
        topic: '/cards',
        chance: 0,
        title: `unanswered ${mark}`,
      } as const;
      await tab.act(order);
      // Without a connection it does not get there.
      const done = await until('the server has it', () => hasEffect(world.file(), mark), 1_500).catch(
        () => null,
      );
      ledger.fault(
        done ? 'unanswered' : 'cut',
        'network',
        `is cut ${done ? 'after' : 'without'} the effect of ${mark}`,
      );
      world.proxy.cut();
      await lasting(dice.int(0, 500));
      await world.proxy.restore();
      ledger.story.tell('network', 'is back');
    });
  },

  server: (place) =>
    having(place, 'server', async () => {
      const { world } = place.browser;
      const ms = place.dice.chance(0.5) ? 0 : place.dice.int(200, 3_500);
      place.ledger.fault('server', 'server', `is killed, to be back after ${ms} ms`);
      await world.server.kill();
      await lasting(ms);
      await world.server.start(world.file());
      place.ledger.story.tell('server', 'is back');
    }),

  worker: async ({ browser, ledger }) => {
    ledger.fault('worker', 'worker', 'is killed');
    await browser.world.devtools.killSharedWorkers();
  },

  ...TAB_FAULTS,
};

/** Something goes wrong, as the dice say. Returns what is over when it is over. */
export function goWrong(place: Place): Promise<unknown> {
  const name = place.dice.pick(Object.keys(FAULTS));
  const fault = FAULTS[name]?.(place);
  return fault || Promise.resolve();
}

/** Everything works again. */
export async function heal({ browser: { world } }: Place): Promise<void> {
  world.proxy.delay(0);
  await world.proxy.restore();
}
