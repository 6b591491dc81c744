import { atLeast, type Figure, quantile } from '../../row.ts';
import type { ServerContestant } from '../contestants.ts';
import type { LoadCell } from '../load-cell.ts';
import type { LoadRow } from '../load-row.ts';

const RECORDS = 100;
/** How many deliveries are on their way at most. */
const WINDOW = 20_000;

/** Publishes until all have heard of so many changes, a window ahead of the slowest. Every follower must hear each change once. */
export async function publishAll({ server, crowd }: LoadCell, changes: number, topics: number, each: number) {
  const window = Math.max(topics, Math.ceil(WINDOW / each / 2));
  const [cpu, start] = [await server.order('cpu'), performance.now()];
  for (let first = 0; first < changes; first += window) {
    const count = Math.min(window, changes - first);
    await server.order('publish', first, count, topics, RECORDS);
    await crowd.order('until', first * each);
  }
  await crowd.order('until', changes * each);
  const [took, spent] = [performance.now() - start, (await server.order('cpu')) - cpu];
  return { took, cpu: spent };
}

const fanOut = (topics: number, each: number, changes: number, strict: boolean): LoadRow => {
  const figures: readonly Figure<ServerContestant>[] = strict ? [atLeast(0.9, 'plain')] : [];
  return {
    name: `fan-out-${topics}x${each}`,
    title: `${changes} changes to ${topics === 1 ? 'one topic' : `${topics} topics`} with ${each} followers each`,
    contestants: ['plain', 'medulla'],
    metrics: [
      { key: 'rate', label: 'deliveries/s', digits: 0, figures },
      { key: 'perCpu', label: 'deliveries/s of server CPU', digits: 0, figures },
      { key: 'micros', label: 'server CPU a delivery, µs', digits: 2 },
      { key: 'p50', label: 'latency p50, ms', digits: 1 },
      { key: 'p99', label: 'latency p99, ms', digits: 1 },
    ],
    async measure(cell) {
      const { server, crowd, entrance, some } = cell;
      const followers = some(each);
      await server.order('seed', 0, topics, RECORDS);
      await crowd.order('connect', entrance, topics * followers);
      await crowd.order('follow', topics * followers, topics);
      // As many once before: until the code is compiled, as in a server that has been up for some seconds.
      const published = topics * Math.ceil(some(changes) / topics);
      await publishAll(cell, published, topics, followers);
      await crowd.order('forget');
      const { took, cpu } = await publishAll(cell, published, topics, followers);
      const { least, most, latencies } = await crowd.order('heard');
      if (least !== most || least !== published / topics)
        throw new Error(`Of ${published / topics} changes some heard ${least} and some ${most}`);
      const deliveries = published * followers;
      return {
        rate: (deliveries * 1_000) / took,
        perCpu: deliveries / cpu,
        micros: (cpu * 1e6) / deliveries,
        p50: quantile(latencies, 0.5),
        p99: quantile(latencies, 0.99),
      };
    },
  };
};

export const fanOuts: readonly LoadRow[] = [
  fanOut(1, 1_000, 400, true),
  fanOut(50, 20, 20_000, true),
  fanOut(500, 2, 50_000, false),
];
