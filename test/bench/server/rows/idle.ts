import { atMost } from '../../row.ts';
import type { LoadRow } from '../load-row.ts';

const MANY = 4_000;
const WARM_UP = 400;
const FOLLOWERS = 20;

const idle = (name: string, title: string, follows: boolean): LoadRow => ({
  name,
  title,
  contestants: ['plain', 'medulla'],
  metrics: [
    { key: 'heap', label: 'kB of heap a connection', digits: 2, figures: [atMost(1.15, 'plain')] },
    { key: 'rss', label: 'kB of memory a connection', digits: 2, figures: [atMost(1.15, 'plain')] },
    { key: 'rate', label: 'connections let in/s', digits: 0 },
  ],
  async measure({ server, crowd, entrance, some }) {
    const [warmUp, many] = [some(WARM_UP), some(MANY)];
    const come = async (count: number) => {
      await crowd.order('connect', entrance, count);
      if (follows) await crowd.order('follow', count, Math.ceil(many / FOLLOWERS));
    };
    await come(warmUp);
    const memory = async () => {
      const rss = await server.order('resident');
      return { rss, heap: (await server.order('memory')).heap };
    };
    const before = await memory();
    const start = performance.now();
    await come(many);
    const took = performance.now() - start;
    const after = await memory();
    return {
      heap: (after.heap - before.heap) / many / 1_000,
      rss: (after.rss - before.rss) / many / 1_000,
      rate: (many * 1_000) / took,
    };
  },
});

export const idles: readonly LoadRow[] = [
  idle('idle', `${MANY} connections that nobody uses`, false),
  idle('idle-following', `${MANY} connections, each a follower of a topic with ${FOLLOWERS} of them`, true),
];
