import { expect, it } from 'vitest';
import { Mismatch } from '../../src/base/shape.ts';
import type { LiveChanges } from '../../src/protocol/change.ts';
import type { Mark, MutationId, Topic } from '../../src/protocol/ids.ts';
import { packLive, unpackLive } from '../../src/protocol/live.ts';

const changes: LiveChanges = {
  topic: '/cards' as Topic,
  from: 4,
  to: 8,
  mark: 'm' as Mark,
  entries: [
    ['a', 5, { title: 'A' }],
    [7, 7, { title: 'B' }, '*', ['tab:1' as MutationId]],
  ],
};

it('[PR12] packs live changes into a line for each offset, also where nothing is told of one, and back', () => {
  const packed = packLive(changes);
  expect(packed).toEqual([4, 'm', ['a', { title: 'A' }], 0, [7, { title: 'B' }, '*', ['tab:1']], 0]);
  expect(unpackLive('/cards', packed)).toEqual(changes);
});

it.each([
  [[]],
  [[4]],
  [['4', 'm']],
  [[4, 'm', 'a']],
  [[4, 'm', ['a']]],
  [[4, 'm', [null, {}]]],
  [[4, 'm', null]],
])('[PR12] refuses %j', (packed) => {
  expect(() => unpackLive('/cards', packed)).toThrow(Mismatch);
});
