import type { Random } from '../../src/base/random.ts';
import { seededRandom } from '../../src/testing/seeded-random.ts';

/** Chance as the world asks for it. Each part of the world has dice of its own, so that one more throw in one part does not change all others. */
export interface Dice {
  readonly random: Random;
  chance(probability: number): boolean;
  /** A whole number from `from` to `to`, both included. */
  int(from: number, to: number): number;
  pick<T>(list: readonly T[]): T;
  /** Dice of their own, the same for the same name. */
  fork(name: string): Dice;
}

export function dice(seed: number): Dice {
  const random = seededRandom(seed);
  const int = (from: number, to: number) => from + Math.floor(random.next() * (to - from + 1));
  return {
    random,
    chance: (probability) => random.next() < probability,
    int,
    pick<T>(list: readonly T[]): T {
      if (list.length === 0) throw new Error('Cannot pick from an empty list');
      return list[int(0, list.length - 1)] as T;
    },
    fork: (name) => dice(hash(`${seed}/${name}`)),
  };
}

/** FNV-1a, 32 bits. */
export function hash(text: string, from = 0x811c9dc5): number {
  let h = from;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return h >>> 0;
}
