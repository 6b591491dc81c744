import type { ContestantName } from './contestants.ts';
import { type Figure, type Metric, quantile, type Row, type Sample } from './row.ts';

/** What was measured: row → contestant → one sample a round. */
export class Results {
  readonly samples: Record<string, Partial<Record<ContestantName, Sample[]>>> = {};

  add(row: Row, contestant: ContestantName, sample: Sample): void {
    const all = this.samples[row.name] ?? {};
    all[contestant] = [...(all[contestant] ?? []), sample];
    this.samples[row.name] = all;
  }

  /** The median over the rounds; undefined where nothing was measured. */
  median(row: string, contestant: ContestantName, key: string): number | undefined {
    const values = this.samples[row]?.[contestant]?.map((sample) => sample[key] ?? Number.NaN);
    const known = values?.filter((value) => !Number.isNaN(value));
    return known?.length ? quantile(known, 0.5) : undefined;
  }

  /** Medulla's value divided by the other's; undefined where one of them is missing. */
  ratio(row: string, key: string, { against, row: other = row }: Pick<Figure, 'against' | 'row'>) {
    const ours = this.median(row, 'medulla', key);
    const theirs = against === 'itself' ? 1 : this.median(other, against, key);
    return ours === undefined || !theirs ? undefined : ours / theirs;
  }

  /** Whether the figure is reached; undefined where it cannot be told. */
  reached(row: Row, metric: Metric, figure: Figure): boolean | undefined {
    const ratio = this.ratio(row.name, metric.key, figure);
    if (ratio === undefined) return undefined;
    return figure.sense === '≤' ? ratio <= figure.bound : ratio >= figure.bound;
  }
}
