import type { ContestantName } from './contestants.ts';
import { type Figure, type Metric, quantile, type Row, type Sample } from './row.ts';

/** Whose values are held against the others' where nothing else is said. */
const OURS = 'medulla';

/** What was measured: row → contestant → one sample a round. */
export class Results<N extends string = ContestantName> {
  readonly samples: Record<string, Partial<Record<string, Sample[]>>> = {};

  add(row: string, contestant: N, sample: Sample): void {
    const all = this.samples[row] ?? {};
    all[contestant] = [...(all[contestant] ?? []), sample];
    this.samples[row] = all;
  }

  /** The median over the rounds; undefined where nothing was measured. */
  median(row: string, contestant: string, key: string): number | undefined {
    const values = this.samples[row]?.[contestant]?.map((sample) => sample[key] ?? Number.NaN);
    const known = values?.filter((value) => !Number.isNaN(value));
    return known?.length ? quantile(known, 0.5) : undefined;
  }

  /** Our value divided by the other's; undefined where one of them is missing. */
  ratio(
    row: string,
    key: string,
    { against, row: other = row, of }: Pick<Figure<N>, 'against' | 'row' | 'of'>,
  ) {
    const ours = this.median(row, of ?? OURS, key);
    const theirs = against === 'itself' ? 1 : this.median(other, against, key);
    return ours === undefined || !theirs ? undefined : ours / theirs;
  }

  /** Whether the figure is reached; undefined where it cannot be told. */
  reached<C>(row: Row<N, C>, metric: Metric<N>, figure: Figure<N>): boolean | undefined {
    const ratio = this.ratio(row.name, metric.key, figure);
    if (ratio === undefined) return undefined;
    return figure.sense === '≤' ? ratio <= figure.bound : ratio >= figure.bound;
  }
}
