import { describe, expect, it } from 'vitest';
import { findServer, SERVERS } from '../tools/find-server.ts';
import { type NodesOptions, runNodes } from './run-nodes.ts';

const missing = SERVERS.flatMap((name) => {
  const found = findServer(name);
  return 'missing' in found ? [`${name}: ${found.missing}`] : [];
});
for (const line of missing) console.log(`Several nodes are not tested, without ${line}`);

const short: Omit<NodesOptions, 'adapter' | 'seconds' | 'faults'> = {
  seed: 1,
  nodes: 3,
  store: 'postgres',
  pace: 30,
  topics: 2,
  writers: 4,
  readers: 3,
};

/** For longer runs there is `npm run nodes`. */
describe.skipIf(missing.length > 0)('three nodes', () => {
  it('[MN9] deliver every change once over Redis Streams, through a kill, a partition and a Redis that dies', async () => {
    const faults = { kill: 1, broker: 1, partition: 1, freeze: 0 };
    const { failures, totals, counts } = await runNodes({ ...short, adapter: 'redis', seconds: 24, faults });
    console.log(totals);
    expect(failures).toEqual([]);
    // Whose node was killed went to another.
    expect(counts.moved).toBeGreaterThan(0);
    // Nodes do hear of each other, and have missed something.
    expect(counts.heard).toBeGreaterThan(0);
    expect(counts.replays).toBeGreaterThan(0);
  });

  it('[MN9] deliver every change once over the Postgres adapter, through a kill and a lost connection', async () => {
    const faults = { kill: 1, broker: 1, partition: 0, freeze: 0 };
    const { failures, totals, counts } = await runNodes({
      ...short,
      adapter: 'postgres',
      seconds: 14,
      faults,
    });
    console.log(totals);
    expect(failures).toEqual([]);
    // Whose node was killed went to another.
    expect(counts.moved).toBeGreaterThan(0);
    expect(counts.heard).toBeGreaterThan(0);
  });
});
