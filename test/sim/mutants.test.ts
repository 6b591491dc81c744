import { describe, expect, it } from 'vitest';
import { MUTANTS } from './mutants/mutants.ts';
import { planOf } from './plan.ts';
import { runSeed } from './run-seed.ts';

const SEEDS = 200;

/** Of a promise that no simulator ever finds broken nobody knows whether it is kept. */
describe('a part that is broken on purpose', () => {
  for (const { name, breaks, shares, options } of MUTANTS) {
    it(`[SM4] is found within ${SEEDS} seeds: ${name}`, async () => {
      let found: string | undefined;
      for (let seed = 1; seed <= SEEDS && !found; seed++) {
        const { failures } = await runSeed(seed, options(), planOf(seed, undefined, shares));
        found = failures.find((failure) => breaks.some((promise) => failure.startsWith(`${promise}:`)));
      }
      expect(found).toBeDefined();
    });
  }
});
