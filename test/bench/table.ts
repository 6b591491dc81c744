import type { Results } from './results.ts';
import type { Figure, Metric, Row } from './row.ts';
import type { Size } from './sizes.ts';

const NAME = 29;
const VALUE = 9;

/** What stands above the columns: the contestants, then the ratios of Medulla to some of them. */
export interface Columns<N extends string> {
  readonly contestants: readonly N[];
  readonly ratios: readonly N[];
}

/** The whole table as text. */
export function table<N extends string, C>(
  columns: Columns<N>,
  rows: readonly Row<N, C>[],
  results: Results<N>,
  sizes: readonly Size[] = [],
): string {
  const { contestants, ratios } = columns;
  const lines = [line(['', ...contestants, ...ratios.map((name) => `× ${name}`)], 'figures to reach')];
  for (const row of rows) {
    lines.push('', `${row.name}: ${row.title}`);
    for (const metric of row.metrics) lines.push(metricLine(columns, row, metric, results));
  }
  if (sizes.length) lines.push('', 'sizes: scripts, kB min+gzip');
  for (const { script, kB, bound } of sizes) {
    const values = contestants.map((name) => (name === 'medulla' ? kB.toFixed(2) : ''));
    lines.push(line([`  ${script}`, ...values, ...ratios.map(() => '')], `≤ ${bound} ${mark(kB <= bound)}`));
  }
  return lines.join('\n');
}

function metricLine<N extends string, C>(
  { contestants, ratios }: Columns<N>,
  row: Row<N, C>,
  metric: Metric<N>,
  results: Results<N>,
): string {
  const values = contestants.map((name) => {
    const value = results.median(row.name, name, metric.key);
    return value === undefined ? '–' : value.toFixed(metric.digits);
  });
  const told = ratios.map((against) => results.ratio(row.name, metric.key, { against })?.toFixed(2) ?? '');
  const figures = (metric.figures ?? []).map((figure) => figureText(row, metric, figure, results));
  return line([`  ${metric.label}`, ...values, ...told], figures.join('   '));
}

function figureText<N extends string, C>(
  row: Row<N, C>,
  metric: Metric<N>,
  figure: Figure<N>,
  results: Results<N>,
): string {
  const { against, of, sense, bound } = figure;
  const what = against === 'itself' ? '' : ` × ${against}${figure.row ? ` (${figure.row})` : ''}`;
  // The columns tell only Medulla's own ratio, within its row.
  const ratio =
    figure.row || of ? ` is ${results.ratio(row.name, metric.key, figure)?.toFixed(2) ?? '?'}` : '';
  return `${of ? `${of} ` : ''}${sense} ${bound}${what}${ratio} ${mark(results.reached(row, metric, figure))}`;
}

const mark = (reached: boolean | undefined) => (reached === undefined ? '?' : reached ? 'ok' : 'MISSED');

function line(values: readonly string[], rest: string): string {
  const cells = values.map((value, i) => (i ? value.padStart(VALUE) : value.padEnd(NAME)));
  return `${cells.join(' ')}   ${rest}`.trimEnd();
}
