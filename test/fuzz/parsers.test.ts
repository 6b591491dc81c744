import { expect, it } from 'vitest';
import { runTarget } from './run-target.ts';
import { sharesOf } from './shares-of.ts';
import { byName, FRAMES } from './targets.ts';

const SEED = 1;

it.for(sharesOf(byName('parsers', 'live changes'), FRAMES.parsers))(
  '[HI1] what a boundary is parsed by takes what its own words allow, and nothing else, and never throws: %o',
  { timeout: 300_000 },
  async ([target, frames]) => {
    const outcome = await runTarget(target, { seed: SEED, frames });
    expect(outcome.findings).toEqual([]);
    expect(outcome.frames).toBeGreaterThanOrEqual(frames);
  },
);
