import type { StoreWrite } from '../store.ts';
import type { CommitRun, Decision, Found } from './commit-run.ts';
import { decideBatch } from './decide-batch.ts';

/** What is to be done for each write of a unit, a batch or a single one. */
export function decideUnit(
  run: CommitRun,
  unit: readonly StoreWrite[],
  foundFor: (write: StoreWrite) => Found,
): (readonly [StoreWrite, Decision])[] {
  if (unit.length === 1) return unit.map((write) => [write, run.decide(write, foundFor(write))]);
  const decisions = decideBatch(run, unit, foundFor);
  return unit.flatMap((write, at) => {
    const decision = decisions[at];
    return decision ? [[write, decision] as const] : [];
  });
}
