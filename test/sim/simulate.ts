import { parseArgs } from 'node:util';
import { planOf } from './plan.ts';
import { runSeed } from './run-seed.ts';
import { runSeeds } from './run-seeds.ts';
import { shrunkReport } from './shrink.ts';
import { report, totals } from './totals.ts';

const { values } = parseArgs({
  allowNegative: true,
  options: {
    seed: { type: 'string' },
    nodes: { type: 'string' },
    shares: { type: 'boolean' },
    steps: { type: 'string' },
    shrink: { type: 'boolean' },
    from: { type: 'string' },
    seeds: { type: 'string' },
    jobs: { type: 'string' },
    quiet: { type: 'boolean' },
  },
});

const { shares } = values;
const nodes = values.nodes === undefined ? undefined : Number(values.nodes);

/** Tells one seed's story as it happens; of all its steps, or of these. */
async function one(seed: number): Promise<number> {
  const plan = planOf(seed, nodes, shares);
  const chosen = new Set(values.steps?.split(',').map(Number));
  const steps = values.steps === undefined ? plan.steps : plan.steps.filter(({ n }) => chosen.has(n));
  const options = values.quiet ? {} : { echo: (line: string) => console.log(line) };
  const result = await runSeed(seed, options, { ...plan, steps });
  console.log(totals([result]).line);
  return result.failures.length;
}

/** Runs many seeds, and shrinks the first that fails. */
async function many(from: number, seeds: number): Promise<number> {
  const sum = totals([]);
  const failed: number[] = [];
  const start = Date.now();
  const every = Math.max(20, Math.ceil(seeds / 20));
  const jobs = values.jobs === undefined ? {} : { jobs: Number(values.jobs) };
  await runSeeds({
    from,
    seeds,
    ...jobs,
    heard(outcome) {
      sum.add(outcome);
      if (outcome.failures.length > 0) {
        failed.push(outcome.seed);
        console.log(report(outcome));
      }
      if (sum.seeds % every > 0 || values.quiet) return;
      const pace = Math.round((sum.seeds * 60_000) / (Date.now() - start));
      console.error(`${sum.seeds} of ${seeds} seeds, ${failed.length} failed, ${pace} a minute`);
    },
  });
  const [first] = failed.sort((a, b) => a - b);
  if (first !== undefined && !values.quiet) console.log(await shrunkReport(first));
  if (sum.untested.length > 0) console.log(`never put to the test: ${sum.untested.join(', ')}`);
  console.log(sum.line);
  return failed.length + sum.untested.length;
}

const seed = Number(values.seed);
let failures = 0;
if (values.seed === undefined) failures = await many(Number(values.from ?? 1), Number(values.seeds ?? 100));
else if (values.shrink) console.log(await shrunkReport(seed, { nodes, hasShares: shares }));
else failures = await one(seed);
process.exitCode = failures > 0 ? 1 : 0;
