import { expect, it } from 'vitest';
import { Topic } from '../../src/hub/replica/topic.ts';
import type { Changes, Entry } from '../../src/protocol/change.ts';
import type { Epoch, Mark } from '../../src/protocol/ids.ts';
import { TOPIC } from '../support/mutations.ts';

const cursor = (offset: number) => ({ epoch: 'e' as Epoch, offset, mark: `m${offset}` as Mark });
const changes = (from: number, ...entries: Entry[]): Changes => {
  const { offset: to, ...rest } = cursor(from + entries.length);
  return { topic: TOPIC, from, to, ...rest, entries };
};

/** A topic with one record, from before the hub met its present shape, 2. */
function older() {
  const shape = { recordVersion: 0 };
  const topic = new Topic(TOPIC, shape);
  topic.replace([['a', 1, { title: 'A' }]], cursor(1), 0);
  shape.recordVersion = 2;
  return topic;
}
const versions = (topic: Topic) =>
  [...topic.records.values()].map(({ key, recordVersion = 0 }) => [key, recordVersion]);

it('[MG3] a part that comes on top of an older record leaves it one of the older shape', () => {
  const topic = older();
  expect(topic.apply(changes(1, ['a', 2, { done: 'no' }]), 0).type).toBe('applied');
  topic.absorb(topic.records.keys().next().value as never, 'a', { title: 'A', done: 'yes' }, 3);
  expect(versions(topic)).toEqual([['a', 0]]);
});

it('[MG3] a whole record, and one that was not there, have the newest shape', () => {
  const topic = older();
  topic.apply(changes(1, ['a', 2, { name: 'A' }, '*'], ['b', 3, { name: 'B' }, '*']), 0);
  expect(versions(topic)).toEqual([
    ['a', 2],
    ['b', 2],
  ]);
});

it('[MG11] nothing is applied on top of what was migrated: a snapshot is asked for', () => {
  const topic = older();
  const rows = [...topic.records.values()];
  topic.migrate(
    rows.map((row) => [row, { name: 'A' }]),
    2,
    0,
  );
  expect(topic.apply(changes(1, ['a', 2, { done: true }]), 0)).toEqual({ type: 'gap' });
  expect([versions(topic), topic.attrs(rows[0]?.key as never)]).toEqual([[['a', 2]], { name: 'A' }]);
});
