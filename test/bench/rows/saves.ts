import { atLeast, atMost, quantile, type Row } from '../row.ts';

const ALL = ['limit', 'rival', 'medulla', 'sqlite'] as const;
const ROUND_TRIPS = 400;
const WARM_UP = 100;
const MANY = 2_000;

export const roundTrip: Row = {
  name: 'round-trip',
  title: 'One save after another, confirmed by the server',
  contestants: ALL,
  metrics: [
    { key: 'p50', label: 'p50, ms', digits: 3, figures: [atMost(2, 'limit'), atMost(1.5, 'rival')] },
    { key: 'p99', label: 'p99, ms', digits: 2 },
  ],
  async measure({ server, openTab }) {
    await server.order('seed', 100);
    const tab = await openTab();
    await tab.call('open', 100);
    await tab.call('roundTrips', WARM_UP);
    const times = await tab.call<number[]>('roundTrips', ROUND_TRIPS);
    return { p50: quantile(times, 0.5), p99: quantile(times, 0.99) };
  },
};

export const burst: Row = {
  name: 'burst',
  title: '2,000 saves at once, confirmed by the server',
  contestants: ALL,
  metrics: [
    { key: 'rate', label: 'saves/s', digits: 0, figures: [atLeast(1, 'limit'), atLeast(1.5, 'rival')] },
    { key: 'up', label: 'kB to the server', digits: 0 },
    { key: 'down', label: 'kB from the server', digits: 0 },
  ],
  async measure({ server, openTab }) {
    const tab = await openTab();
    await tab.call('open', 0);
    await tab.call('warm');
    const before = await server.order('stats');
    const ms = await tab.call<number>('burst', MANY);
    const after = await server.order('stats');
    const records = await server.order('records');
    if (records < MANY) throw new Error(`${records} records of ${MANY} are there`);
    return {
      rate: (MANY * 1000) / ms,
      up: (after.read - before.read) / 1000,
      down: (after.written - before.written) / 1000,
    };
  },
};
