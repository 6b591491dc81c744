import type { Clock } from '../../../src/base/clock.ts';
import { isFinal, type Receipt } from '../../../src/protocol/receipt.ts';
import type { Store } from '../../../src/server/store.ts';
import type { Dice } from '../../support/dice.ts';
import type { Observer } from './observer.ts';
import type { Process } from './process.ts';

interface SimStoreParts {
  readonly store: Store;
  readonly process: Process;
  readonly clock: Clock;
  readonly dice: Dice;
  readonly observer: Required<Observer>;
}

/** The server's store as one run of the server sees it: it takes its time, and hears nothing from a server that died. */
export function simStore({ store, process, clock, dice, observer }: SimStoreParts): Store {
  // Now and then an answer is so late that a later transaction is told of first: those who follow see a gap.
  const pause = (chance: number) =>
    dice.chance(chance)
      ? new Promise<void>(
          (done) => void clock.after(dice.chance(0.15) ? dice.int(10, 80) : dice.int(0, 8), done),
        )
      : undefined;
  const call = <T>(act: () => Promise<T>): Promise<T> =>
    process.promise((resolve, reject) => {
      void (async () => {
        await pause(0.5);
        if (process.dead) return;
        try {
          const result = await act();
          await pause(0.3);
          resolve(result);
        } catch (error) {
          reject(error);
        }
      })();
    });
  const final = (receipts: readonly Receipt[]) => {
    for (const receipt of receipts) if (isFinal(receipt)) observer.receipt(receipt);
  };
  return {
    open: () => call(() => store.open()),
    read: (asked) => call(() => store.read(asked)),
    receipts: (user, asked) => call(() => store.receipts(user, asked)),
    commit: (writes, at) =>
      call(async () => {
        const outcomes = await store.commit(writes, at);
        for (const outcome of outcomes) if (outcome.type === 'receipts') final(outcome.receipts);
        observer.stored(writes, outcomes);
        return outcomes;
      }),
    refuse: (refusals, at) =>
      call(async () => {
        const stands = await store.refuse(refusals, at);
        for (const receipts of stands) {
          final(receipts);
          observer.refused(receipts);
        }
        return stands;
      }),
    head: (topic) => call(() => store.head(topic)),
    heads: (topics) => call(() => store.heads(topics)),
    page: (topic, after, bounds) => call(() => store.page(topic, after, bounds)),
    log: (topic, cursor, most) => call(() => store.log(topic, cursor, most)),
    number: () => call(() => store.number()),
    trim: (bounds) => call(() => store.trim(bounds)),
    close: async () => undefined,
  };
}
