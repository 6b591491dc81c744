import { parseArgs } from 'node:util';
import { runSeed } from './run-seed.ts';
import { report, totals } from './totals.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    from: { type: 'string' },
    seeds: { type: 'string' },
    quiet: { type: 'boolean' },
  },
});

if (values.seed !== undefined) {
  const result = await runSeed(
    Number(values.seed),
    values.quiet ? {} : { echo: (line) => console.log(line) },
  );
  console.log(totals([result]).line);
  process.exitCode = result.failures.length > 0 ? 1 : 0;
} else {
  const from = Number(values.from ?? 1);
  const seeds = Number(values.seeds ?? 100);
  const sum = totals([]);
  for (let seed = from; seed < from + seeds; seed++) {
    const result = await runSeed(seed);
    sum.add(result);
    if (result.failures.length > 0) console.log(report(result, 0));
  }
  console.log(sum.line);
  process.exitCode = sum.failed > 0 ? 1 : 0;
}
