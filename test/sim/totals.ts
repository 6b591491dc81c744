import { PROMISES, type PromiseName } from './checks/ledger.ts';
import type { Outcome } from './run-seeds.ts';

export interface Totals {
  add(result: Outcome): void;
  readonly seeds: number;
  readonly failed: number;
  readonly checked: Readonly<Record<string, number>>;
  readonly kinds: Readonly<Record<string, number>>;
  /** The promises that no run has put to the test: of these nobody knows. (What is not thrown is no promise, and sight takes shares.) */
  readonly untested: readonly PromiseName[];
  /** One line: seeds, writes, faults of each kind, how often each promise was put to the test, failures. */
  readonly line: string;
}

export function totals(results: readonly Outcome[]): Totals {
  let [seeds, writes, reads, faults, failed] = [0, 0, 0, 0, 0];
  const checked: Record<string, number> = {};
  const kinds: Record<string, number> = {};
  const count = (to: Record<string, number>, from: Readonly<Record<string, number>>) => {
    for (const [name, times] of Object.entries(from)) to[name] = (to[name] ?? 0) + times;
  };
  const sum: Totals = {
    add(result) {
      seeds += 1;
      writes += result.counts.writes;
      reads += result.counts.reads;
      faults += result.counts.faults;
      failed += result.failures.length > 0 ? 1 : 0;
      count(checked, result.checked);
      count(kinds, result.kinds);
    },
    get seeds() {
      return seeds;
    },
    get failed() {
      return failed;
    },
    get untested() {
      return PROMISES.filter((name) => name !== 'sound' && name !== 'sight' && !checked[name]);
    },
    checked,
    kinds,
    get line() {
      const each = (times: Record<string, number>) =>
        Object.entries(times)
          .map(([name, count]) => `${name} ${count}`)
          .join(', ');
      return `${seeds} seeds, ${writes} writes, ${reads} reads, ${faults} faults (${each(kinds)}); checked ${each(checked)}; ${failed} failed`;
    },
  };
  for (const result of results) sum.add(result);
  return sum;
}

/** What a failing seed shows: what failed, and how to see how. */
export const report = ({ seed, failures }: Outcome): string =>
  [
    `seed ${seed} failed: ${failures.length} times`,
    ...failures.slice(0, 5).map((failure) => `  ${failure.slice(0, 600)}`),
    `its story: npm run simulate -- --seed ${seed} --shrink`,
  ].join('\n');
