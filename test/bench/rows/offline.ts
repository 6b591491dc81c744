import { setTimeout as pause } from 'node:timers/promises';
import type { Tab } from '../../support/engines/chromium.ts';
import type { Cell } from '../cell.ts';
import { atLeast, type Row, type Sample } from '../row.ts';

const MANY = 2_000;

/** A tab that was online, and whose server has gone. */
async function offlineTab({ server, openTab }: Cell): Promise<Tab> {
  const tab = await openTab();
  await tab.call('open', 0);
  await tab.call('watch');
  await server.order('down');
  await tab.call('offline');
  return tab;
}

/** Back with the server; what counts is the time from the first new connection until the last confirmation. */
async function drain(cell: Cell, cutAt: number | null): Promise<Sample> {
  const { server } = cell;
  const tab = await offlineTab(cell);
  await tab.call('keep', MANY);
  await server.order('up');
  const cut = cutAt === null ? null : server.order('cutAfter', cutAt);
  // What a cut swallowed never comes: a contestant that forgets it is not waited for for ever.
  const drained = await Promise.race([tab.call<number>('drained'), pause(cut ? 12_000 : 60_000)]);
  const { firstUpgrade } = await server.order('stats');
  const [records, writes] = [await server.order('records'), await server.order('writes')];
  return {
    rate: (MANY * 1000) / ((drained ?? Number.NaN) - (firstUpgrade ?? Number.NaN)),
    lost: MANY - records,
    doubled: writes - records,
  };
}

export const keep: Row = {
  name: 'offline',
  title: '2,000 saves without a server, until durable (the rival has no disk)',
  contestants: ['limit', 'medulla'],
  metrics: [{ key: 'rate', label: 'saves/s', digits: 0, figures: [atLeast(0.6, 'limit')] }],
  async measure(cell) {
    const tab = await offlineTab(cell);
    return { rate: (MANY * 1000) / (await tab.call<number>('keep', MANY)) };
  },
};

export const drainAll: Row = {
  name: 'drain',
  title: 'Drain of 2,000 saves, from the first connection on (the rival keeps them in memory)',
  contestants: ['limit', 'rival', 'medulla', 'sqlite'],
  metrics: [{ key: 'rate', label: 'saves/s', digits: 0, figures: [atLeast(1, 'rival')] }],
  measure: (cell) => drain(cell, null),
};

export const drainCut: Row = {
  name: 'drain-cut',
  title: 'The same, all connections cut after 1,000',
  contestants: ['limit', 'rival', 'medulla', 'sqlite'],
  metrics: [
    { key: 'lost', label: 'lost', digits: 0 },
    { key: 'doubled', label: 'doubled', digits: 0 },
  ],
  measure: (cell) => drain(cell, MANY / 2),
};
