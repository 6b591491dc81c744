import { expect, it } from 'vitest';
import { Fleet } from './fleet.ts';
import { fullest } from './run-storm.ts';

const BROWSERS = 200;

/** What came of a server that let 200 browsers go and was replaced: when they were back, since it was asked to. */
async function replaced(options: Parameters<Fleet['replace']>[0], down: number, seed: number) {
  const fleet = new Fleet(BROWSERS, seed);
  await fleet.clock.advance(60_000);
  const since = await fleet.replace(options, down);
  await fleet.clock.advance(60_000);
  const connects = fleet.connects.map((at) => at - since);
  expect([fleet.open, connects.length]).toEqual([BROWSERS, BROWSERS]);
  return { connects, failed: fleet.attempts - connects.length };
}

it('[OP7] 200 browsers that were told when to come back find the next process there, spread as the server wants it', {
  timeout: 30_000,
}, async () => {
  for (const seed of [1, 2, 3]) {
    const { connects, failed } = await replaced({ after: 3_000, spread: 4_000 }, 2_900, seed);
    expect(failed).toBe(0);
    expect(Math.min(...connects)).toBeGreaterThan(3_000);
    expect(Math.max(...connects)).toBeLessThan(3_000 + 4_000 + 600);
    expect(fullest(connects, 100)).toBeLessThanOrEqual(0.08 * BROWSERS);
    // Even would be a quarter; the rest is chance.
    expect(fullest(connects, 1_000)).toBeLessThanOrEqual(0.4 * BROWSERS);
  }
});
