import { cards, card as newCard } from '../cards.ts';
import type { Contestant } from './contestant.ts';

/** The measured server's address. */
export const serverOrigin = new URLSearchParams(location.search).get('server') ?? '';

/** Page clock to the machine's monotonic clock: the answer that came fastest tells it best. */
async function distance(): Promise<number> {
  let best = { took: Number.POSITIVE_INFINITY, distance: 0 };
  for (let i = 0; i < 40; i++) {
    const before = performance.now();
    const now = Number(await (await fetch('/now')).text());
    const took = performance.now() - before;
    if (took < best.took) best = { took, distance: now - before - took / 2 };
  }
  return best.distance;
}

/** Puts `globalThis.bench` there: what the rows call, and says so. Times are in milliseconds. */
export function drive(contestant: Contestant): void {
  const latencies: number[] = [];
  let touched = 0;
  let toClock = 0;
  let whenTouched: { readonly n: number; readonly done: (at: number) => void } | undefined;
  const timed = async (work: () => Promise<unknown>) => {
    const start = performance.now();
    await work();
    return performance.now() - start;
  };

  const bench = {
    /** How long until the collection is filled. */
    async open(expected: number) {
      const ms = await timed(() => contestant.open());
      if (contestant.cards.length !== expected) {
        throw new Error(`Filled with ${contestant.cards.length} records instead of ${expected}`);
      }
      return ms;
    },
    /** Each of `n` saves of one existing card, one after the other. */
    async roundTrips(n: number) {
      contestant.prepare([newCard(0)]);
      const times: number[] = [];
      for (let i = 0; i < n; i++) times.push(await timed(() => contestant.save(0, { title: `Title ${i}` })));
      return times;
    },
    /** A few saves, so that what is compiled at the first one is compiled. */
    async warm() {
      contestant.prepare([{ ...newCard(0), id: 'warm' }]);
      for (let i = 0; i < 50; i++) await contestant.save(0, { title: `Title ${i}` });
    },
    /** `n` new cards at once until all are confirmed. */
    burst(n: number) {
      const all = cards(n);
      contestant.prepare(all);
      return timed(() => Promise.all(all.map((_, i) => contestant.save(i, {}))));
    },
    /** `n` new cards at once until all are kept. */
    keep(n: number) {
      const all = cards(n);
      contestant.prepare(all);
      return timed(() => Promise.all(all.map((_, i) => contestant.keep(i))));
    },
    offline: () => contestant.offline(),
    /** The instant, on the common clock, at which the outbox is empty. */
    async drained() {
      await contestant.drained();
      return performance.now() + toClock;
    },
    /** From now on notes when changes from elsewhere reach the models. */
    async watch() {
      toClock = await distance();
      contestant.cards.on('change:at', (_model: unknown, at: number) => {
        const now = performance.now() + toClock;
        latencies.push(now - at);
        if (++touched === whenTouched?.n) whenTouched.done(now);
      });
    },
    /** The instant, on the common clock, at which `n` changes have been seen since `watch`. */
    touched: (n: number) =>
      new Promise<number>((done) => {
        if (touched >= n) done(performance.now() + toClock);
        else whenTouched = { n, done };
      }),
    seen: () => touched,
    latencies: () => latencies.splice(0),
  };
  Object.assign(globalThis, { bench });
  dispatchEvent(new Event('bench'));
}
