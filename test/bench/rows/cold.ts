import { setTimeout as pause } from 'node:timers/promises';
import { atMost, type Row } from '../row.ts';

const RECORDS = 10_000;

export const coldOnline: Row = {
  name: 'cold-online',
  title: 'First start: 10,000 records from the server into a Backbone collection',
  contestants: ['limit', 'rival', 'medulla', 'sqlite'],
  metrics: [
    { key: 'ms', label: 'filled after, ms', digits: 0, figures: [atMost(1.5, 'limit')] },
    { key: 'bytes', label: 'kB from the server', digits: 0 },
  ],
  async measure({ server, openTab }) {
    await server.order('seed', RECORDS);
    const ms = await (await openTab()).call<number>('open', RECORDS);
    return { ms, bytes: (await server.order('stats')).written / 1000 };
  },
};

export const coldOffline: Row = {
  name: 'cold-offline',
  title: 'Start without a server: 10,000 records from IndexedDB into a Backbone collection',
  contestants: ['limit', 'medulla'],
  metrics: [{ key: 'ms', label: 'filled after, ms', digits: 0, figures: [atMost(2, 'limit')] }],
  async measure({ server, openTab }) {
    await server.order('seed', RECORDS);
    const first = await openTab();
    await first.call('open', RECORDS);
    // What was loaded is written to the disk behind, and nobody is told when that is done.
    await pause(4_000);
    await first.close();
    await server.order('down');
    // The worker ends some time after its tab.
    await pause(1_000);
    return { ms: await (await openTab()).call<number>('open', RECORDS) };
  },
};
