import { CONTESTANTS } from './contestants.ts';
import type { Results } from './results.ts';
import type { Figure, Metric, Row } from './row.ts';
import type { Size } from './sizes.ts';

const WIDTHS = [29, 9, 9, 9, 9, 9, 9] as const;

/** The whole table as text. */
export function table(rows: readonly Row[], results: Results, sizes: readonly Size[]): string {
  const lines = [line(['', ...CONTESTANTS, '× limit', '× rival'], 'figures to reach')];
  for (const row of rows) {
    lines.push('', `${row.name}: ${row.title}`);
    for (const metric of row.metrics) lines.push(metricLine(row, metric, results));
  }
  if (sizes.length) lines.push('', 'sizes: scripts, kB min+gzip');
  for (const { script, kB, bound } of sizes) {
    const values = [`  ${script}`, '', '', kB.toFixed(2), '', '', ''];
    lines.push(line(values, `≤ ${bound} ${mark(kB <= bound)}`));
  }
  return lines.join('\n');
}

function metricLine(row: Row, metric: Metric, results: Results): string {
  const values = CONTESTANTS.map((name) => {
    const value = results.median(row.name, name, metric.key);
    return value === undefined ? '–' : value.toFixed(metric.digits);
  });
  const ratios = (['limit', 'rival'] as const).map((against) =>
    results.ratio(row.name, metric.key, { against })?.toFixed(2),
  );
  const figures = (metric.figures ?? []).map((figure) => figureText(row, metric, figure, results));
  return line([`  ${metric.label}`, ...values, ...ratios.map((ratio) => ratio ?? '')], figures.join('   '));
}

function figureText(row: Row, metric: Metric, figure: Figure, results: Results): string {
  const { against, sense, bound } = figure;
  const what = against === 'itself' ? '' : ` × ${against}${figure.row ? ` (${figure.row})` : ''}`;
  const ratio = figure.row ? ` is ${results.ratio(row.name, metric.key, figure)?.toFixed(2) ?? '?'}` : '';
  return `${sense} ${bound}${what}${ratio} ${mark(results.reached(row, metric, figure))}`;
}

const mark = (reached: boolean | undefined) => (reached === undefined ? '?' : reached ? 'ok' : 'MISSED');

function line(values: readonly string[], rest: string): string {
  const cells = values.map((value, i) => (i ? value.padStart(WIDTHS[i] ?? 9) : value.padEnd(WIDTHS[0])));
  return `${cells.join(' ')}   ${rest}`.trimEnd();
}
