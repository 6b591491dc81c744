import type { LoadCell } from '../load-cell.ts';

const WRITES = 2_000;
const BATCH = 100;
const AUTHORS = 4;

/** Connects who writes, and writes until the server's code is warm. */
export async function warmUp({ server, crowd, entrance, some }: LoadCell, topics: number): Promise<void> {
  await server.order('seed', 0, topics, 1);
  await crowd.order('connect', entrance, AUTHORS);
  await crowd.order('push', some(10_000), BATCH, AUTHORS, topics);
}

/** Microseconds of server CPU a write, in batches that go to as many topics as they have writes, where there are so many. */
export async function ofWrite({ server, crowd, some }: LoadCell, topics: number): Promise<number> {
  const writes = some(WRITES);
  const cpu = await server.order('cpu');
  await crowd.order('push', writes, BATCH, AUTHORS, topics);
  return (((await server.order('cpu')) - cpu) * 1e6) / writes;
}

/** Milliseconds of server CPU that something takes, the mean of a few times. */
export async function ofAsking(
  { server }: LoadCell,
  times: number,
  ask: () => Promise<unknown>,
): Promise<number> {
  const cpu = await server.order('cpu');
  for (let i = 0; i < times; i++) await ask();
  return (((await server.order('cpu')) - cpu) * 1e3) / times;
}
