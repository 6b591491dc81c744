import { describe, expect, it } from 'vitest';
import { MUTANTS } from './mutants/mutants.ts';
import { planOf } from './plan.ts';
import { runSeed } from './run-seed.ts';
import { promiseOf, shrink } from './shrink.ts';

const forgetful = MUTANTS.find(({ name }) => name === 'the server does not write the receipt');

describe('a seed that fails', () => {
  it('[SM5] is shrunk to a few of its steps, which break the same promise whenever they are replayed', async () => {
    const world = () => forgetful?.options() ?? {};
    let seed = 1;
    for (; !(await breaks(seed, world)); seed++) expect(seed).toBeLessThan(100);
    const shrunk = await shrink(seed, { world });
    const kept = shrunk?.plan.steps.length ?? 0;
    expect(kept).toBeGreaterThan(0);
    expect(kept).toBeLessThan(planOf(seed).steps.length / 3);
    const again = await runSeed(seed, world(), shrunk?.plan);
    expect(again.failures.map(promiseOf)).toContain('P2');
    expect(again.hash).toBe(shrunk?.result.hash);
  });
});

const breaks = async (seed: number, world: () => object) =>
  (await runSeed(seed, world())).failures.some((failure) => promiseOf(failure) === 'P2');
