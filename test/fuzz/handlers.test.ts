import { expect, it } from 'vitest';
import { runTarget } from './run-target.ts';
import { sharesOf } from './shares-of.ts';
import { byName, FRAMES } from './targets.ts';

const SEED = 1;

it.for(sharesOf(byName('session', 'session over SQLite'), FRAMES.handlers))(
  '[HI2] whatever a client says is answered, is no error of the server, and tells and does nothing that is not its own: %o',
  { timeout: 300_000 },
  async ([target, frames]) => {
    const outcome = await runTarget(target, { seed: SEED, frames });
    expect(outcome.findings).toEqual([]);
    expect(outcome.frames).toBeGreaterThanOrEqual(frames);
  },
);
