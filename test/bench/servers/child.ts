import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { cards, touch } from '../cards.ts';
import { monotonic } from '../clock.ts';
import { takeOrders } from '../ordered-process.ts';
import { limitServer } from './limit.ts';
import { rivalServer } from './rival.ts';
import type { Served } from './served.ts';
import { Traffic } from './traffic.ts';

/*
 * A contestant's server in a process of its own, a fresh one for each cell: `node child.ts NAME`. The parent gives
 * it orders.
 */

async function serve(name: string): Promise<Served> {
  if (name === 'limit') return limitServer();
  if (name === 'rival') return rivalServer();
  // Not imported where it is not measured.
  const { medullaServer } = await import('./medulla.ts');
  return medullaServer(name === 'sqlite' ? 'sqlite' : 'memory');
}

const served = await serve(process.argv[2] ?? '');
const traffic = new Traffic(served.http);
let port = 0;

const listen = () => new Promise<void>((resolve) => served.http.listen(port, '127.0.0.1', () => resolve()));

const orders = {
  seed: (n: number) => served.seed(cards(n)),
  stats: async () => traffic.stats(),
  cpu: async () => process.cpuUsage(),
  records: () => served.records(),
  writes: () => served.writes(),
  /** Nobody answers at the port any more; what was there stays. */
  async down() {
    served.http.close();
    traffic.cut();
  },
  up: () => listen(),
  /** Cuts all connections once, when about that many writes have been carried out: whatever told it of each would be in their way. */
  async cutAfter(writes: number) {
    while ((await served.writes()) < writes) await pause(1);
    traffic.cut();
  },
  /** Changes the first `n` cards, one after the other, at once. */
  touch: (n: number) => served.touch(Array.from({ length: n }, (_, i) => touch(i, 1, monotonic()))),
  /** Changes one of the first `records` cards `rate` times a second for `ms`; answers how many changes that made. */
  async publish(rate: number, ms: number, records: number) {
    const start = monotonic();
    const total = Math.floor((rate * ms) / 1000);
    for (let done = 0; done < total; ) {
      const due = Math.min(total, Math.floor(((monotonic() - start) * rate) / 1000) + 1);
      for (; done < due; done++) {
        await served.touch([touch(done % records, Math.floor(done / records) + 1, monotonic())]);
      }
      // The rate itself.
      await pause(Math.max(0, start + (done * 1000) / rate - monotonic()));
    }
    return total;
  },
};

export type ServerOrders = typeof orders;

await listen();
port = (served.http.address() as AddressInfo).port;
takeOrders(orders, port);
