import type { Target } from './target.ts';
import { live } from './targets/live-changes.ts';
import { parsers } from './targets/parsers.ts';
import { sessions } from './targets/session.ts';

/** All that is fed. */
export const targets: readonly Target[] = [parsers(), live, ...sessions()];

/** How many frames a run of the tests feeds: a million and more, most of them to what takes microseconds. */
export const FRAMES = { parsers: 950_000, handlers: 40_000 } as const;

export function byName(...names: readonly string[]): Target[] {
  return names.map((wanted) => {
    const target = targets.find(({ name }) => name === wanted);
    if (!target) throw new Error(`There is no target ${wanted}`);
    return target;
  });
}
