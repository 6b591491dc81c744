import { describe, expect, it } from 'vitest';
import { PROMISES } from './checks/ledger.ts';
import { MISCHIEF } from './mischief/mischief.ts';
import { PINNED_SEEDS } from './pinned-seeds.ts';
import { runSeed } from './run-seed.ts';
import { report, totals } from './totals.ts';

const SEEDS = Number(process.env.SIM_SEEDS ?? 500);
const PARTS = 5;

describe('the simulator', () => {
  for (const { seed, found } of PINNED_SEEDS) {
    it(`[SM1] keeps every promise where it was broken once: seed ${seed}, ${found}`, async () => {
      const result = await runSeed(seed);
      expect(result.failures, report(result, 200)).toEqual([]);
    });
  }

  it('[SM2] tells the same story for the same seed', async () => {
    const [first, second] = [await runSeed(1), await runSeed(1)];
    expect(second.hash).toBe(first.hash);
    expect(second.story.length).toBe(first.story.length);
  });

  const sum = totals([]);
  for (let part = 0; part < PARTS; part++) {
    const from = 1 + (SEEDS / PARTS) * part;
    it(`[SM1] keeps P1 to P10 through crashes, cuts and restarts: seeds ${from} to ${from + SEEDS / PARTS - 1}`, async () => {
      for (let seed = from; seed < from + SEEDS / PARTS; seed++) {
        const result = await runSeed(seed);
        expect(result.failures, report(result, 200)).toEqual([]);
        sum.add(result);
      }
    });
  }

  it('[SM3] has put each promise to the test many times, and done each kind of mischief', () => {
    console.log(sum.line);
    for (const promise of PROMISES)
      if (promise !== 'sound') expect(sum.checked[promise], promise).toBeGreaterThan(SEEDS);
    for (const kind of MISCHIEF) expect(sum.kinds[kind], kind).toBeGreaterThan(0);
  });
});
