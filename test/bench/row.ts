import type { Cell } from './cell.ts';
import type { ContestantName } from './contestants.ts';

/** One line of the table. `figure` is what the issue asks for, as a ratio of Medulla (memory store) to another. */
export interface Metric {
  readonly key: string;
  readonly label: string;
  readonly digits: number;
  readonly figures?: readonly Figure[];
}

export type Against = 'limit' | 'rival' | 'itself';

export interface Figure {
  /** `itself`: the value is what is bounded, not a ratio. */
  readonly against: Against;
  readonly sense: '≤' | '≥';
  readonly bound: number;
  /** Another row's value of the same metric is what it is held against. */
  readonly row?: string;
}

export type Sample = Readonly<Record<string, number>>;

/** One thing that is measured, by name; `measure` runs once a round for each contestant. */
export interface Row {
  readonly name: string;
  readonly title: string;
  readonly contestants: readonly ContestantName[];
  readonly metrics: readonly Metric[];
  measure(cell: Cell): Promise<Sample>;
}

export const atMost = (bound: number, against: Against, row?: string): Figure => ({
  against,
  sense: '≤',
  bound,
  ...(row && { row }),
});
export const atLeast = (bound: number, against: Against): Figure => ({ against, sense: '≥', bound });

/** The value below which that share of the values lies. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
