import { expect, it } from 'vitest';
import { sightOf } from '../../demo/board/sight-of.ts';

const even = () => 10;

it('[DM16] leaves out the rows above and below, and says how high they are', () => {
  expect(sightOf(100, even, 200, 300)).toEqual({ from: 20, to: 30, above: 200, below: 700 });
  expect(sightOf(100, even, 195, 301)).toEqual({ from: 19, to: 31, above: 190, below: 690 });
});

it('[DM16] adds up to the same height wherever it looks, with rows of any height', () => {
  const height = (index: number) => 5 + (index % 7);
  const all = sightOf(500, height, 0, Number.MAX_VALUE);
  expect(all).toMatchObject({ from: 0, to: 500, above: 0, below: 0 });
  for (let top = -50; top < 4_500; top += 137) {
    const { from, to, above, below } = sightOf(500, height, top, top + 400);
    let shown = 0;
    for (let index = from; index < to; index++) shown += height(index);
    let total = 0;
    for (let index = 0; index < 500; index++) total += height(index);
    expect(above + shown + below).toBe(total);
  }
});

it('[DM16] shows the last row to those who are below the end, and nothing of nothing', () => {
  expect(sightOf(3, even, 900, 1_000)).toEqual({ from: 2, to: 3, above: 20, below: 0 });
  expect(sightOf(0, even, 0, 100)).toEqual({ from: 0, to: 0, above: 0, below: 0 });
});
