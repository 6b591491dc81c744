import type { Target } from './target.ts';

/** How many frames each target gets of so many. */
export function sharesOf(targets: readonly Target[], frames: number): (readonly [Target, number])[] {
  const whole = targets.reduce((sum, { share }) => sum + share, 0);
  return targets.map((target) => [target, Math.ceil((frames * target.share) / whole)]);
}
