import { describe, expect, it } from 'vitest';
import type { LiveChanges } from '../../src/protocol/change.ts';
import type { Epoch, Mark, Topic } from '../../src/protocol/ids.ts';
import { Publisher } from '../../src/server/publish/publisher.ts';
import type { StoreChange } from '../../src/server/store.ts';

const change = (topic: string, offset: number): StoreChange => ({
  topic: topic as Topic,
  from: offset - 1,
  since: `m${offset - 1}` as Mark,
  cursor: { epoch: 'e' as Epoch, offset, mark: `m${offset}` as Mark },
  entry: ['x', offset, { n: offset }],
});

describe('the publisher', () => {
  it('[SV13] puts the changes of a turn in the order of their offsets, and cuts where one is missing', () => {
    const turns: (() => void)[] = [];
    const told: LiveChanges[] = [];
    const began: number[] = [];
    const publisher = new Publisher(
      (fn) => void turns.push(fn),
      (runs, since) => {
        told.push(...runs);
        began.push(since);
      },
    );
    publisher.add([], 10);
    publisher.add([change('/a', 2), change('/b', 1)], 20);
    publisher.add([change('/a', 1), change('/a', 5)], 30);
    expect([turns.length, told.length]).toEqual([1, 0]);
    turns[0]?.();
    expect(told.map(({ topic, from, to, mark, entries }) => [topic, from, to, mark, entries.length])).toEqual(
      [
        ['/a', 0, 2, 'm2', 2],
        ['/a', 4, 5, 'm5', 1],
        ['/b', 0, 1, 'm1', 1],
      ],
    );
    publisher.add([change('/a', 6)], 40);
    expect(turns.length).toBe(2);
    turns[1]?.();
    expect(began).toEqual([20, 40]);
  });
});
