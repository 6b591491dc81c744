import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { RunResult } from './run-seed.ts';

/** What a run is known by once its story is told. */
export type Outcome = Omit<RunResult, 'story'>;

export interface SeedRange {
  readonly from: number;
  readonly seeds: number;
  /** Called for each seed, in no order. */
  readonly heard: (outcome: Outcome) => void;
  /** Threads; as many as the machine has cores. */
  readonly jobs?: number;
}

/** A thread is given so many seeds at once. */
const PORTION = 5;

/** Runs a range of seeds on all cores. */
export async function runSeeds({
  from,
  seeds,
  heard,
  jobs = availableParallelism(),
}: SeedRange): Promise<void> {
  const end = from + seeds;
  let next = from;
  const one = () =>
    new Promise<void>((resolve, reject) => {
      const worker = new Worker(new URL('./seed-worker.ts', import.meta.url), { execArgv: [] });
      const give = () => {
        if (next >= end) return void worker.terminate().then(() => resolve());
        const portion = { from: next, seeds: Math.min(PORTION, end - next) };
        next += portion.seeds;
        worker.postMessage(portion);
      };
      worker.on('message', (outcomes: readonly Outcome[]) => {
        outcomes.forEach(heard);
        give();
      });
      worker.on('error', reject);
      give();
    });
  await Promise.all(Array.from({ length: Math.max(1, Math.min(jobs, Math.ceil(seeds / PORTION))) }, one));
}
