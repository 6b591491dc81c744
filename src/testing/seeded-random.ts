import type { Random } from '../base/random.ts';

/** The same numbers and ids for the same seed (mulberry32). */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  const word = () =>
    Math.floor(next() * 2 ** 32)
      .toString(36)
      .padStart(7, '0');
  return { next, id: () => word() + word() };
}
