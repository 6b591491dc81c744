import type { Results } from './results.ts';
import type { Row, Sample } from './row.ts';

export interface Plan<N extends string, C> {
  readonly rows: readonly Row<N, C>[];
  readonly contestants: readonly N[];
  readonly rounds: number;
  /** Gives a fresh cell to the row's `measure`. */
  readonly inCell: (contestant: N, measure: (cell: C) => Promise<Sample>) => Promise<Sample>;
}

/** Measures every row, the contestants taking turns in each round. What fails is told, and the process ends with 1. */
export async function measure<N extends string, C>(
  { rows, contestants, rounds, inCell }: Plan<N, C>,
  results: Results<N>,
): Promise<void> {
  for (const row of rows) {
    for (let round = 0; round < rounds; round++) {
      for (const contestant of row.contestants.filter((name) => contestants.includes(name))) {
        process.stderr.write(`${row.name} ${round + 1} ${contestant} `);
        try {
          const sample = await inCell(contestant, row.measure);
          results.add(row.name, contestant, sample);
          process.stderr.write(
            `${JSON.stringify(sample, (_, n) => (Number.isFinite(n) ? +n.toFixed(3) : n))}\n`,
          );
        } catch (error) {
          process.stderr.write(`failed: ${(error as Error).message}\n`);
          process.exitCode = 1;
        }
      }
    }
  }
}

/** The rows of that name, or whose names begin with it; all without one. Throws where there is none. */
export function rowsNamed<R extends { readonly name: string }>(rows: readonly R[], only?: string): R[] {
  const found = rows.filter(({ name }) => !only || name.startsWith(only));
  if (found.length) return found;
  throw new Error(`No row is called ${only}: there are ${rows.map(({ name }) => name).join(', ')}`);
}
