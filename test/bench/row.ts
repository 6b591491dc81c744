import type { Cell } from './cell.ts';
import type { ContestantName } from './contestants.ts';

/** One line of the table. `N` are the contestants' names. */
export interface Metric<N extends string = ContestantName> {
  readonly key: string;
  readonly label: string;
  readonly digits: number;
  readonly figures?: readonly Figure<N>[];
}

/** What an issue asks for, as a ratio of one contestant to another. */
export interface Figure<N extends string = ContestantName> {
  /** `itself`: the value is what is bounded, not a ratio. */
  readonly against: N | 'itself';
  /** Whose value it is; that of Medulla with the memory store where nothing else is said. */
  readonly of?: N;
  readonly sense: '≤' | '≥';
  readonly bound: number;
  /** Another row's value of the same metric is what it is held against. */
  readonly row?: string;
}

export type Sample = Readonly<Record<string, number>>;

/** One thing that is measured, by name; `measure` runs once a round for each contestant. */
export interface Row<N extends string = ContestantName, C = Cell> {
  readonly name: string;
  readonly title: string;
  readonly contestants: readonly N[];
  readonly metrics: readonly Metric<N>[];
  measure(cell: C): Promise<Sample>;
}

type Besides<N extends string> = Pick<Figure<N>, 'row' | 'of'>;

export const atMost = <N extends string>(
  bound: number,
  against: NoInfer<N> | 'itself',
  besides: Besides<NoInfer<N>> = {},
): Figure<N> => ({ against, sense: '≤', bound, ...besides });
export const atLeast = <N extends string>(
  bound: number,
  against: NoInfer<N> | 'itself',
  besides: Besides<NoInfer<N>> = {},
): Figure<N> => ({ against, sense: '≥', bound, ...besides });

/** The value below which that share of the values lies. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
