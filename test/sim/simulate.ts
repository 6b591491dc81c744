import { parseArgs } from 'node:util';
import { planOf } from './plan.ts';
import { runSeed } from './run-seed.ts';
import { shrunkReport } from './shrink.ts';
import { report, totals } from './totals.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    steps: { type: 'string' },
    shrink: { type: 'boolean' },
    from: { type: 'string' },
    seeds: { type: 'string' },
    quiet: { type: 'boolean' },
  },
});

if (values.seed !== undefined && values.shrink) console.log(await shrunkReport(Number(values.seed)));
else if (values.seed !== undefined) {
  const seed = Number(values.seed);
  const plan = planOf(seed);
  const chosen = new Set(values.steps?.split(',').map(Number));
  const steps = values.steps === undefined ? plan.steps : plan.steps.filter(({ n }) => chosen.has(n));
  const options = values.quiet ? {} : { echo: (line: string) => console.log(line) };
  const result = await runSeed(seed, options, { ...plan, steps });
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
