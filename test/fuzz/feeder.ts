import { expect } from 'vitest';
import { runTarget } from './run-target.ts';
import { sharesOf } from './shares-of.ts';
import { byName } from './targets.ts';

/** Feeds one of these targets its share of so many frames, the same in each run, every one of them. */
export function feeder(frames: number, ...names: readonly string[]): (name: string) => Promise<void> {
  const shares = new Map(sharesOf(byName(...names), frames).map((share) => [share[0].name, share]));
  return async (name) => {
    const [target, count] = shares.get(name) ?? [];
    if (!target || !count) throw new Error(`There is no target ${name}`);
    const outcome = await runTarget(target, { seed: 1, frames: count });
    expect(outcome.findings).toEqual([]);
    expect(outcome.frames).toBeGreaterThanOrEqual(count);
  };
}
