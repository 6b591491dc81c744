import { expect, it } from 'vitest';
import { backoff } from '../../src/base/backoff.ts';
import { isLonger } from '../../src/base/is-longer.ts';
import { equalJson } from '../../src/base/json.ts';
import { seededRandom } from '../../src/testing/seeded-random.ts';

it.each([
  [
    { a: 1, b: [1, { c: null }] },
    { b: [1, { c: null }], a: 1 },
  ],
  [[], []],
  [null, null],
  ['x', 'x'],
])('[PR10] holds equal values for equal (%#)', (a, b) => {
  expect(equalJson(a, b)).toBe(true);
});

it.each([
  [{ a: 1 }, { a: 2 }],
  [{ a: 1 }, { b: 1 }],
  [{ a: undefined }, { b: undefined }],
  [{ a: 1 }, { a: 1, b: 2 }],
  [[], {}],
  [
    [1, 2],
    [2, 1],
  ],
  [null, {}],
  [0, false],
  [{ toString: 1 }, { a: 1 }],
])('[PR10] tells unequal values apart (%#)', (a, b) => {
  expect(equalJson(a, b)).toBe(false);
});

it('[PR11] draws a wait from the whole range below a doubling bound, and never above the cap', () => {
  const random = seededRandom(1);
  const bounds = { base: 100, cap: 1_000 };
  for (let attempt = 0; attempt < 40; attempt++) {
    const bound = Math.min(1_000, 100 * 2 ** attempt);
    const draws = Array.from({ length: 400 }, () => backoff(attempt, bounds, random));
    expect(Math.max(...draws)).toBeLessThanOrEqual(bound);
    expect(Math.max(...draws)).toBeGreaterThan(bound * 0.9);
    expect(Math.min(...draws)).toBeGreaterThanOrEqual(0);
    expect(Math.min(...draws)).toBeLessThan(bound * 0.1);
  }
});

it.each(['', 'plain', 'ümläut', '€', 'a😀b', '日本語のテキスト'])(
  '[SV10] counts the bytes of %j in UTF-8',
  (text) => {
    const bytes = Buffer.byteLength(text);
    for (const limit of [0, 1, bytes - 1, bytes, bytes + 1, bytes * 4])
      expect(isLonger(text, limit)).toBe(bytes > limit);
  },
);
