import { expect, it } from 'vitest';
import { picture } from './picture.ts';
import { fullest, runStorm } from './run-storm.ts';

const BROWSERS = 200;
/** The longest wait between two attempts, and the way there. */
const LONGEST = 30_000 + 1_000;

/**
 * `tenth` and `second`: the share of the browsers that any 100 ms, and any second, may bring. A server that is back
 * before anybody knew is the worst case: all try again within the first wait, half a second, and a fifth of them in
 * each tenth is what an even spread would be. `topics`: the same for the topics that are asked for.
 */
it.each([
  { down: 0, tenth: 0.33, second: 1 },
  { down: 2_000, tenth: 0.15, second: 0.67 },
  { down: 10_000, tenth: 0.08, second: 0.25 },
])(
  '[RS3] 200 browsers whose server is away for $down ms come back spread out',
  async ({ down, tenth, second }) => {
    for (const seed of [1, 2, 3]) {
      const storm = await runStorm(BROWSERS, down, seed);
      if (seed === 1) console.log(picture(storm));
      const { open, connects, follows } = storm;
      // Each once: nobody connects twice, or is let in and lost again.
      expect([open, connects.length]).toEqual([BROWSERS, BROWSERS]);
      expect(fullest(connects, 100)).toBeLessThanOrEqual(tenth * BROWSERS);
      expect(fullest(connects, 1_000)).toBeLessThanOrEqual(second * BROWSERS);
      // What they ask for comes as they come.
      expect(fullest(follows, 100)).toBeLessThanOrEqual(tenth * follows.length);
      expect(Math.max(...connects)).toBeLessThan(LONGEST);
      // Half of them in no longer than the server was away, and half a second.
      expect(connects.filter((at) => at < down + 500).length).toBeGreaterThanOrEqual(BROWSERS / 2);
    }
  },
);
