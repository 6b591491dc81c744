import { describe, expect, it } from 'vitest';
import { runFlicker } from './run-flicker.ts';

describe('what a page shows', () => {
  it.each([1, 2, 3, 4, 5, 6])(
    '[NF1] is never an old value again, nor the same twice, in whatever order hubs, servers and other pages say it (%i)',
    async (part) => {
      let shown = 0;
      for (let seed = part * 10; seed < part * 10 + 10; seed++) {
        const run = await runFlicker(seed);
        const story = [...run.flicker, ...run.different];
        expect(story, `seed ${seed}`).toEqual([]);
        shown += run.shown.length;
      }
      expect(shown).toBeGreaterThan(2_000);
    },
    60_000,
  );
});
