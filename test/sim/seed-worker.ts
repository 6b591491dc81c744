import { parentPort } from 'node:worker_threads';
import { runSeed } from './run-seed.ts';

/** A thread of `runSeeds`: runs the portions that it is given, one after the other. */
parentPort?.on('message', async ({ from, seeds }: { readonly from: number; readonly seeds: number }) => {
  const outcomes = [];
  for (let seed = from; seed < from + seeds; seed++) {
    const { story: _story, ...outcome } = await runSeed(seed);
    outcomes.push(outcome);
  }
  parentPort?.postMessage(outcomes);
});
