import { atLeast } from '../../row.ts';
import { isBare } from '../contestants.ts';
import type { LoadRow } from '../load-row.ts';

const WRITES = 20_000;
/** Until the code is compiled, as in a server that has been up for some seconds. */
const WARM_UP = 2 * WRITES;
const TOPICS = 10;

const writes = (batch: number, authors: number): LoadRow => ({
  name: `writes-${batch}`,
  title: `${WRITES} creates, pushed by ${authors} connections in batches of ${batch} (bare: a transaction a batch)`,
  contestants: ['plain', 'medulla', 'bare-memory', 'sqlite', 'bare-sqlite', 'postgres', 'bare-postgres'],
  metrics: [
    {
      key: 'rate',
      label: 'writes/s',
      digits: 0,
      figures: [atLeast(0.5, 'bare-sqlite', { of: 'sqlite' })],
    },
    { key: 'micros', label: 'server CPU a write, µs', digits: 1 },
  ],
  async measure({ contestant, server, crowd, entrance, some }) {
    const count = some(WRITES);
    if (isBare(contestant)) {
      await server.order('write', 0, some(WARM_UP), batch, TOPICS);
      const cpu = await server.order('cpu');
      const ms = await server.order('write', some(WARM_UP), count, batch, TOPICS);
      return { rate: (count * 1_000) / ms, micros: (((await server.order('cpu')) - cpu) * 1e6) / count };
    }
    await crowd.order('connect', entrance, authors);
    await crowd.order('push', some(WARM_UP), batch, authors, TOPICS);
    const [before, cpu] = [await held(), await server.order('cpu')];
    const ms = await crowd.order('push', count, batch, authors, TOPICS);
    const spent = (await server.order('cpu')) - cpu;
    const done = (await held()) - before;
    if (done < count) throw new Error(`${done} records of ${count} are there`);
    return { rate: (done * 1_000) / ms, micros: (spent * 1e6) / done };

    async function held(): Promise<number> {
      let sum = 0;
      for (let topic = 0; topic < TOPICS; topic++) sum += await server.order('records', topic);
      return sum;
    }
  },
});

export const allWrites: readonly LoadRow[] = [writes(500, 4), writes(50, 4), writes(1, 100)];
