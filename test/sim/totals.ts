import type { RunResult } from './run-seed.ts';

export interface Totals {
  add(result: RunResult): void;
  readonly failed: number;
  readonly checked: Readonly<Record<string, number>>;
  readonly kinds: Readonly<Record<string, number>>;
  /** One line: seeds, writes, faults of each kind, how often each promise was put to the test, failures. */
  readonly line: string;
}

export function totals(results: readonly RunResult[]): Totals {
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
    get failed() {
      return failed;
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

/** What a failing seed shows: what failed, the end of its story, and how to see all of it. */
export function report({ seed, failures, story }: RunResult, lines: number): string {
  const tail = lines > 0 ? story.slice(-lines) : [];
  const cut = tail.length < story.length && lines > 0 ? [`… ${story.length - tail.length} lines before`] : [];
  return [
    ...cut,
    ...tail,
    `seed ${seed} failed: ${failures.length} times`,
    ...failures.slice(0, 5).map((failure) => `  ${failure.slice(0, 600)}`),
    `replay: npm run simulate -- --seed ${seed}`,
  ].join('\n');
}
