import type { RunResult } from './run-seed.ts';

export interface Totals {
  add(result: RunResult): void;
  readonly failed: number;
  readonly checked: Readonly<Record<string, number>>;
  /** One line: seeds, writes, faults, how often each promise was put to the test, failures. */
  readonly line: string;
}

export function totals(results: readonly RunResult[]): Totals {
  let [seeds, writes, reads, faults, failed] = [0, 0, 0, 0, 0];
  const checked: Record<string, number> = {};
  const sum: Totals = {
    add(result) {
      seeds += 1;
      writes += result.counts.writes;
      reads += result.counts.reads;
      faults += result.counts.faults;
      failed += result.failures.length > 0 ? 1 : 0;
      for (const [name, times] of Object.entries(result.checked))
        checked[name] = (checked[name] ?? 0) + times;
    },
    get failed() {
      return failed;
    },
    checked,
    get line() {
      const each = Object.entries(checked).map(([name, times]) => `${name} ${times}`);
      return `${seeds} seeds, ${writes} writes, ${reads} reads, ${faults} faults; checked ${each.join(', ')}; ${failed} failed`;
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
