import { setTimeout as pause } from 'node:timers/promises';
import { touch } from '../cards.ts';
import { atMost, type Row } from '../row.ts';

const RECORDS = 10_000;
const CHANGED = 1_000;

/** The changed attributes' own size: their JSON with the ids that say whose they are. */
const ownSize = (): number =>
  JSON.stringify(
    Array.from({ length: CHANGED }, (_, i) => {
      const { id, set } = touch(i, 1, Date.now() + 0.123456);
      return { id, ...set };
    }),
  ).length;

export const catchUp: Row = {
  name: 'catch-up',
  title: 'Back after 1,000 of 10,000 records changed, from the first connection on (the rival loads all)',
  contestants: ['limit', 'rival', 'medulla', 'sqlite'],
  metrics: [
    { key: 'ms', label: 'caught up after, ms', digits: 0, figures: [atMost(2, 'limit')] },
    { key: 'bytes', label: 'bytes / changed attributes', digits: 2, figures: [atMost(1.1, 'itself')] },
  ],
  async measure({ server, openTab }) {
    await server.order('seed', RECORDS);
    const tab = await openTab();
    await tab.call('open', RECORDS);
    await tab.call('watch');
    // What was loaded is written to the disk behind: that is not to be in the way of what is measured.
    await pause(3_000);
    await server.order('down');
    await tab.call('offline');
    await server.order('touch', CHANGED);
    const before = await server.order('stats');
    await server.order('up');
    const done = await tab.call<number>('touched', CHANGED);
    const after = await server.order('stats');
    return {
      ms: done - (after.firstUpgrade ?? Number.NaN),
      bytes: (after.written - before.written) / ownSize(),
    };
  },
};
