import { Fleet } from './fleet.ts';

export interface Storm {
  readonly browsers: number;
  /** Milliseconds that the server was away. */
  readonly down: number;
  /** When each was let in again, and when its topics were asked for, in milliseconds after the server's return. */
  readonly connects: readonly number[];
  readonly follows: readonly number[];
  /** Attempts that found no server. */
  readonly failed: number;
  readonly open: number;
}

/** Long enough for the longest wait between two attempts. */
const ALL = 45_000;

/** A server is restarted under so many browsers. */
export async function runStorm(browsers: number, down: number, seed: number): Promise<Storm> {
  const fleet = new Fleet(browsers, seed);
  await fleet.clock.advance(60_000);
  const back = await fleet.restart(down);
  await fleet.clock.advance(ALL);
  const since = (instants: readonly number[]) => instants.map((at) => at - back);
  const { attempts, open } = fleet;
  const [connects, follows] = [since(fleet.connects), since(fleet.follows)];
  return { browsers, down, connects, follows, failed: attempts - connects.length, open };
}

/** How many of the instants are in the fullest window of this length, wherever it begins. */
export function fullest(instants: readonly number[], length: number): number {
  const sorted = [...instants].sort((a, b) => a - b);
  let [most, from] = [0, 0];
  for (const [at, instant] of sorted.entries()) {
    while (instant - (sorted[from] ?? 0) >= length) from++;
    most = Math.max(most, at - from + 1);
  }
  return most;
}
