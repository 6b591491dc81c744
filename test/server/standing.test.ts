import { expect, it } from 'vitest';
import type { Mark, Topic } from '../../src/protocol/ids.ts';
import type { Run } from '../../src/server/publish/run.ts';
import { Standing } from '../../src/server/publish/standing.ts';

const run = (from: number, to: number): Run => ({
  topic: '/tasks' as Topic,
  from,
  to,
  mark: `m${to}` as Mark,
  entries: Array.from({ length: to - from }, (_, n) => ['x', from + n + 1, {}] as const),
});
const steps = (runs: readonly Run[]) => runs.map(({ from, to, entries }) => [from, to, entries.length]);

it('[MN1] tells of a run what goes on from what was told', () => {
  const standing = new Standing();
  expect(steps(standing.take(run(3, 5)))).toEqual([[3, 5, 2]]);
  expect(steps(standing.take(run(2, 5)))).toEqual([]);
  expect(steps(standing.take({ ...run(5, 7), since: 'm5' as Mark }))).toEqual([[5, 7, 2]]);
  expect(standing.head).toEqual({ offset: 7, mark: 'm7' });
});

it.each([
  { what: 'begins with another mark', other: { ...run(5, 7), since: 'n5' as Mark } },
  { what: 'begins before that has ended', other: run(4, 7) },
])('[MN12] asks the log where a run $what: it may be of another', ({ other }) => {
  const standing = new Standing();
  standing.take(run(3, 5));
  expect(standing.isDoubted).toBe(false);
  expect(standing.take(other)).toEqual([]);
  expect([standing.isBehind, standing.isDoubted, standing.head?.mark]).toEqual([true, true, 'm5']);
  standing.forget({ offset: 7, mark: 'n7' as Mark });
  expect([standing.isBehind, standing.isDoubted]).toEqual([false, false]);
});

it('[MN2] holds what comes while it asks, and tells of it what is new then', () => {
  const standing = new Standing();
  standing.isAsking = true;
  for (const [from, to] of [
    [9, 10],
    [6, 9],
    [1, 4],
  ] as const)
    expect(standing.take(run(from, to))).toEqual([]);
  standing.isAsking = false;
  expect(steps(standing.moveTo({ offset: 8, mark: 'm8' as Mark }))).toEqual([
    [8, 9, 1],
    [9, 10, 1],
  ]);
  expect(standing.isBehind).toBe(false);
});

it('[MN2] keeps a bounded number of runs that wait: the log has them', () => {
  const standing = new Standing();
  standing.take(run(0, 1));
  for (let from = 2; from < 1_000; from++) standing.take(run(from, from + 1));
  const told = standing.moveTo({ offset: 2, mark: 'm2' as Mark });
  expect([told.length, standing.isBehind]).toEqual([0, true]);
  expect(standing.moveTo({ offset: 1_000, mark: 'm' as Mark })).toEqual([]);
  expect(standing.isBehind).toBe(false);
});
