import type { PromiseName } from './checks/ledger.ts';
import { type Plan, planOf, type Step } from './plan.ts';
import { type RunResult, runSeed } from './run-seed.ts';
import type { WorldOptions } from './world/world.ts';

export interface Shrunk {
  readonly plan: Plan;
  /** Of how many. */
  readonly of: number;
  readonly runs: number;
  readonly result: RunResult;
}

export interface ShrinkOptions {
  /** A fresh set for each run: what is broken on purpose may remember things. */
  readonly world?: () => WorldOptions;
  /** On so many nodes; by default as the seed says. */
  readonly nodes?: number | undefined;
  /** With shares or without; by default as the seed says. */
  readonly hasShares?: boolean | undefined;
  /** No more runs than this. */
  readonly runs?: number;
}

/** The promise that a failure's text names. */
export const promiseOf = (failure: string): PromiseName =>
  failure.slice(0, failure.indexOf(':')) as PromiseName;

/**
 * Leaves out of a failing seed's plan what is not needed for the same promise to be found broken: halves first, then
 * ever smaller parts, until nothing can go alone ("ddmin"). Undefined where the seed does not fail.
 */
export async function shrink(seed: number, options: ShrinkOptions = {}): Promise<Shrunk | undefined> {
  const { world = () => ({}), nodes, hasShares, runs: most = 400 } = options;
  const whole = planOf(seed, nodes, hasShares);
  let result = await runSeed(seed, world(), whole);
  const [first] = result.failures;
  if (!first) return undefined;
  const promise = promiseOf(first);
  let plan = whole;
  let runs = 1;
  const fails = async (steps: readonly Step[]) => {
    runs += 1;
    const smaller = { ...plan, steps };
    const next = await runSeed(seed, world(), smaller);
    if (!next.failures.some((failure) => promiseOf(failure) === promise)) return false;
    plan = smaller;
    result = next;
    return true;
  };

  // What comes after the failure, at once.
  const seen = Number(result.story.at(-1)?.slice(0, 9)) * 1_000;
  await fails(plan.steps.filter(({ at }) => at <= seen));
  for (let parts = 2; runs < most && plan.steps.length > 1; ) {
    const size = Math.ceil(plan.steps.length / parts);
    let isSmaller = false;
    for (let at = 0; at < plan.steps.length && runs < most; ) {
      const rest = [...plan.steps.slice(0, at), ...plan.steps.slice(at + size)];
      if (await fails(rest)) isSmaller = true;
      else at += size;
    }
    if (size === 1 && !isSmaller) break;
    if (!isSmaller || size > 1) parts = Math.min(parts * 2, plan.steps.length);
  }
  return { plan, of: whole.steps.length, runs, result };
}

/** A failing seed's shortest story that could be found, for people to read. */
export async function shrunkReport(seed: number, options: ShrinkOptions = {}): Promise<string> {
  const shrunk = await shrink(seed, options);
  if (!shrunk) return `seed ${seed} does not fail`;
  const { plan, of, runs, result } = shrunk;
  const { story, failures } = result;
  return [
    `seed ${seed}, shrunk to ${plan.steps.length} of ${of} steps in ${runs} runs: what happened`,
    ...story.map((line) => line.slice(0, 300)),
    ...failures.slice(0, 5).map((failure) => `  ${failure.slice(0, 600)}`),
    `replay: npm run simulate -- --seed ${seed} --nodes ${plan.nodes} ${plan.hasShares ? '--shares' : '--no-shares'} --steps ${plan.steps.map(({ n }) => n).join(',')}`,
  ].join('\n');
}
