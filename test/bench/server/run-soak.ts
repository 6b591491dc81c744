import { Database } from './database.ts';
import { inLoadCell, type LoadCell } from './load-cell.ts';

/** The server's memory in the middle of its work, in bytes, after all that can go has gone. */
export interface SoakSample {
  readonly minute: number;
  readonly heap: number;
  readonly rss: number;
}

export interface Soak {
  readonly samples: readonly SoakSample[];
  /** What each round of the second half left behind in the heap, by the line that fits best. */
  readonly bytesARound: number;
  readonly rounds: number;
}

/** So many come, follow, write and hear in a round, while as many go. */
const CLIENTS = 100;
const WRITES = 1_000;
const TOPICS = 20;
const RECORDS = 200;

/** Rounds of life on a server with a SQLite file, until `isOver`: whoever came and whatever was written is to leave nothing in its memory. */
export function runSoak(
  isOver: (rounds: number) => boolean,
  told: (sample: SoakSample) => void = () => undefined,
): Promise<Soak> {
  return inLoadCell({ scale: 1, database: new Database() }, 'sqlite', async (cell) => {
    const start = performance.now();
    const samples: SoakSample[] = [];
    await cell.server.order('seed', 0, TOPICS, RECORDS);
    await cell.crowd.order('connect', cell.entrance, CLIENTS);
    while (!isOver(samples.length)) {
      await round(cell);
      const sample = { minute: (performance.now() - start) / 60_000, ...(await cell.server.order('memory')) };
      samples.push(sample);
      told(sample);
    }
    const later = samples.slice(Math.floor(samples.length / 2)).map(({ heap }) => heap);
    return { samples, rounds: samples.length, bytesARound: slopeOf(later) };
  });
}

async function round({ server, crowd, entrance }: LoadCell): Promise<void> {
  await crowd.order('connect', entrance, CLIENTS);
  await crowd.order('follow', CLIENTS, TOPICS);
  await crowd.order('push', WRITES, 10, 20, TOPICS, RECORDS);
  await server.order('publish', 0, TOPICS, TOPICS, RECORDS);
  await crowd.order('forget');
  await crowd.order('leave', CLIENTS);
}

/** How much they rise with each, by least squares. */
function slopeOf(values: readonly number[]): number {
  const middle = (values.length - 1) / 2;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  let [up, across] = [0, 0];
  for (const [at, value] of values.entries()) {
    up += (at - middle) * (value - mean);
    across += (at - middle) ** 2;
  }
  return up / across;
}
