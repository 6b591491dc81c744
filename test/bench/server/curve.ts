import type { Results } from '../results.ts';
import type { ServerContestant } from './contestants.ts';
import type { LoadCell } from './load-cell.ts';
import type { LoadRow } from './load-row.ts';
import { plotted } from './plot.ts';

/** What something costs against how much there is of something else. A straight line is the goal, a level one where that can be. */
export interface Curve {
  readonly name: string;
  readonly title: string;
  readonly x: string;
  readonly y: string;
  readonly contestants: readonly ServerContestant[];
  readonly steps: readonly number[];
  /** Answers what it costs at each step, which are in rising order. */
  measure(cell: LoadCell, steps: readonly number[]): Promise<readonly number[]>;
}

const keyOf = (x: number): string => `at ${x}`;

/** A curve as a row: a metric for each of its points, and how much it bends. */
export const rowOf = (curve: Curve): LoadRow => ({
  name: curve.name,
  title: `${curve.title}: ${curve.y} against ${curve.x}`,
  contestants: curve.contestants,
  metrics: [
    ...curve.steps.map((x) => ({ key: keyOf(x), label: x.toLocaleString('en'), digits: 1 })),
    { key: 'growth', label: 'the last / the first', digits: 2 },
    { key: 'bend', label: 'slope, second half / first', digits: 2 },
  ],
  async measure(cell) {
    const steps = curve.steps.map(cell.some);
    const values = await curve.measure(cell, steps);
    const sample: Record<string, number> = {};
    for (const [at, x] of curve.steps.entries()) sample[keyOf(x)] = values[at] ?? Number.NaN;
    return {
      ...sample,
      growth: (values.at(-1) ?? Number.NaN) / (values[0] ?? Number.NaN),
      bend: bendOf(steps, values),
    };
  },
});

/** 1 = a straight line; above it the cost of one more rises. */
function bendOf(xs: readonly number[], ys: readonly number[]): number {
  const half = Math.floor(xs.length / 2);
  const slope = (from: number, to: number) =>
    ((ys[to] ?? Number.NaN) - (ys[from] ?? Number.NaN)) / ((xs[to] ?? Number.NaN) - (xs[from] ?? Number.NaN));
  return slope(half, xs.length - 1) / slope(0, half);
}

/** The medians of what was measured, as an SVG. `some`: how many there really were, where it was measured in small. */
export function pictureOf(
  curve: Curve,
  results: Results<ServerContestant>,
  some: LoadCell['some'],
  note: string,
): string {
  const series = curve.contestants.map((name) => ({
    name: name === 'medulla' ? 'medulla (memory)' : name,
    points: curve.steps.flatMap((x) => {
      const y = results.median(curve.name, name, keyOf(x));
      return y === undefined ? [] : [[some(x), y] as const];
    }),
  }));
  return plotted({ ...curve, note, series: series.filter(({ points }) => points.length) });
}
