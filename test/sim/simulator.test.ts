import { describe, expect, it } from 'vitest';
import { PROMISES } from './checks/ledger.ts';
import { AMONG_NODES, AMONG_SHARES, LATER, MISCHIEF, RESTORES } from './mischief/mischief.ts';
import { OPEN_SEEDS } from './open-seeds.ts';
import { PINNED_SEEDS } from './pinned-seeds.ts';
import { planOf } from './plan.ts';
import { runSeed } from './run-seed.ts';
import { runSeeds } from './run-seeds.ts';
import { shrunkReport } from './shrink.ts';
import { totals } from './totals.ts';

const SEEDS = Number(process.env.SIM_SEEDS ?? 2_000);
const PARTS = 5;

describe('the simulator', () => {
  for (const { seed, nodes = 1, shares = false, found } of PINNED_SEEDS) {
    it(`[SM1] keeps every promise where it was broken once: seed ${seed}, ${found}`, async () => {
      const { failures } = await runSeed(seed, {}, planOf(seed, nodes, shares));
      if (failures.length > 0) expect.fail(await shrunkReport(seed, { nodes, hasShares: shares }));
    });
  }

  it('[SM2] tells the same story for the same seed', async () => {
    const [first, second] = [await runSeed(1), await runSeed(1)];
    expect(second.hash).toBe(first.hash);
    expect(second.story.length).toBe(first.story.length);
  });

  const sum = totals([]);
  for (let part = 0; part < PARTS; part++) {
    const seeds = SEEDS / PARTS;
    const from = 1 + seeds * part;
    it(`[SM1][SM7][SM8] keeps P1 to P10 through all its mischief: seeds ${from} to ${from + seeds - 1}`, async () => {
      const failed: number[] = [];
      await runSeeds({
        from,
        seeds,
        heard(outcome) {
          sum.add(outcome);
          const open = OPEN_SEEDS.get(outcome.seed);
          if (open) console.log(`seed ${outcome.seed} is open: ${open}`);
          else if (outcome.failures.length > 0) failed.push(outcome.seed);
        },
      });
      if (failed.length > 0) expect.fail(`${failed.sort()} fail\n${await shrunkReport(Math.min(...failed))}`);
    });
  }

  it('[SM3] has put each promise to the test many times, and done each kind of mischief', () => {
    console.log(sum.line);
    for (const promise of PROMISES)
      if (promise !== 'sound') expect(sum.checked[promise], promise).toBeGreaterThan(SEEDS);
    for (const kind of [
      ...MISCHIEF,
      ...AMONG_NODES,
      ...AMONG_SHARES,
      ...LATER,
      ...RESTORES,
      'refused',
      'stale',
    ])
      expect(sum.kinds[kind], kind).toBeGreaterThan(0);
  });
});
