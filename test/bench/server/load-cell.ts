import { fileURLToPath } from 'node:url';
import { OrderedProcess } from '../ordered-process.ts';
import { needsPostgres, type ServerContestant } from './contestants.ts';
import type { CrowdOrders } from './crowd/child.ts';
import type { Entrance } from './crowd/lean-socket.ts';
import type { Database } from './database.ts';
import type { ServerOrders } from './served/child.ts';

/** One measurement of one contestant: a fresh server process, and its clients in another. */
export interface LoadCell {
  readonly contestant: ServerContestant;
  readonly server: OrderedProcess<ServerOrders>;
  readonly crowd: OrderedProcess<CrowdOrders>;
  readonly entrance: Entrance;
  /** How many of something: what is asked for, or less where the whole bench is run in small. */
  readonly some: (count: number) => number;
}

const file = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** At a scale of 1 it is what is asked for. */
export const someOf =
  (scale: number): LoadCell['some'] =>
  (count) =>
    Math.max(1, Math.round(count * scale));

/** What all cells share. `serverArgs` are options for the server's Node. */
export interface LoadBench {
  readonly scale: number;
  readonly database: Database;
  readonly serverArgs?: string[];
}

/** Gives a cell to `measure` and leaves nothing behind. */
export async function inLoadCell<T>(
  { scale, database, serverArgs = [] }: LoadBench,
  contestant: ServerContestant,
  measure: (cell: LoadCell) => Promise<T>,
): Promise<T> {
  const args = needsPostgres(contestant)
    ? [contestant, JSON.stringify(await database.place())]
    : [contestant];
  const started = await OrderedProcess.start<ServerOrders>(file('served/child.ts'), args, serverArgs);
  const { process: crowd } = await OrderedProcess.start<CrowdOrders>(file('crowd/child.ts'), []);
  const server = started.process;
  try {
    return await measure({
      contestant,
      server,
      crowd,
      entrance: started.said as Entrance,
      some: someOf(scale),
    });
  } finally {
    await crowd.close();
    await server.order('close').catch(() => undefined);
    await server.close();
  }
}
