import { expect, it } from 'vitest';
import { distrust } from '../../src/hub/replica/distrust.ts';
import { Topic } from '../../src/hub/replica/topic.ts';
import type { Op } from '../../src/hub/storage.ts';
import type { Changes, Entry } from '../../src/protocol/change.ts';
import type { Epoch, Mark } from '../../src/protocol/ids.ts';
import { recordKey } from '../../src/protocol/ids.ts';
import { TOPIC } from '../support/mutations.ts';

const epoch = 'e1' as Epoch;
const cursor = (offset: number) => ({ epoch, offset, mark: `m${offset}` as Mark });
const changes = (from: number, to: number, ...entries: Entry[]): Changes => ({
  topic: TOPIC,
  epoch,
  from,
  to,
  mark: `m${to}` as Mark,
  entries,
});

function topicAt(offset: number): Topic {
  const topic = new Topic(TOPIC);
  topic.replace([['a', offset, { title: 'A', rank: 1 }]], cursor(offset), 0);
  return topic;
}

it('[RP2] applies changes on top of those before them, and moves the cursor with them', () => {
  const topic = topicAt(5);
  const applied = topic.apply(
    changes(5, 8, ['a', 6, { title: 'B' }, ['rank']], ['b', 7, { title: 'New' }, '*'], ['a', 8, null]),
    42,
  );
  expect(applied.type === 'applied' && [...applied.changed]).toEqual([
    ['a', { title: 'A', rank: 1 }],
    ['b', null],
  ]);
  expect([...topic.records.keys()]).toEqual(['b']);
  expect(topic.cursor).toEqual(cursor(8));
  expect(applied.type === 'applied' && applied.ops.at(-1)).toEqual({
    type: 'putTopic',
    row: { topic: TOPIC, cursor: cursor(8), syncedAt: 42 },
  });
});

it('[RP2] tells what each record was before all of the changes', () => {
  const topic = topicAt(5);
  const applied = topic.apply(changes(5, 7, ['a', 6, { title: 'B' }], ['a', 7, { title: 'C' }]), 0);
  expect(applied.type === 'applied' && [...applied.changed]).toEqual([['a', { title: 'A', rank: 1 }]]);
});

it('[RP2] applies nothing where something is missing before it, or of another epoch, or without a cursor', () => {
  const topic = topicAt(5);
  expect(topic.apply(changes(6, 7, ['a', 7, { title: 'B' }]), 0)).toEqual({ type: 'gap' });
  expect(topic.apply({ ...changes(5, 6, ['a', 6, { title: 'B' }]), epoch: 'e2' as Epoch }, 0)).toEqual({
    type: 'gap',
  });
  expect(topic.attrs('a' as never)).toEqual({ title: 'A', rank: 1 });
  expect(new Topic(TOPIC).apply(changes(0, 1), 0)).toEqual({ type: 'gap' });
});

it('[RP2] skips what it has, by the cursor and by the version of the row', () => {
  const topic = topicAt(5);
  topic.learn(['c', 8, { title: 'Newer' }]);
  topic.apply(
    changes(4, 7, ['a', 5, { title: 'Old' }], ['b', 6, { title: 'B' }, '*'], ['c', 7, { title: 'Older' }]),
    0,
  );
  expect(topic.attrs('a' as never)).toEqual({ title: 'A', rank: 1 });
  expect(topic.attrs('b' as never)).toEqual({ title: 'B' });
  expect(topic.attrs('c' as never)).toEqual({ title: 'Newer' });
  expect(topic.cursor?.offset).toBe(7);
  expect(topic.apply(changes(2, 6, ['b', 6, { title: 'Late' }]), 0)).toEqual({
    type: 'applied',
    changed: new Map(),
    ops: [],
  });
});

it('[RP2] makes no record of an edit of one that was deleted before its page of the snapshot was read', () => {
  const topic = topicAt(5);
  topic.apply(changes(5, 6, ['b', 6, { title: 'B' }]), 0);
  expect([topic.attrs('b' as never), topic.cursor?.offset]).toEqual([null, 6]);
  topic.apply(changes(6, 7, ['b', 7, null]), 0);
  expect([...topic.records.keys()]).toEqual(['a']);
});

it('[RP3] puts a snapshot in place of all that was there, and names what differs', () => {
  const topic = topicAt(5);
  topic.learn(['gone', 4, { title: 'G' }]);
  const { changed, ops } = topic.replace(
    [
      ['a', 5, { rank: 1, title: 'A' }],
      ['b', 9, { title: 'B' }],
    ],
    cursor(9),
    0,
  );
  expect([...changed]).toEqual([
    ['gone', { title: 'G' }],
    ['b', null],
  ]);
  expect([...topic.records.keys()]).toEqual(['a', 'b']);
  expect(ops.map(({ type }) => type)).toEqual(['clearTopic', 'putRecord', 'putRecord', 'putTopic']);
});

it('[RP3] forgets rows and cursor alike', () => {
  const topic = topicAt(5);
  expect([...topic.forget().changed.keys()]).toEqual(['a']);
  expect([topic.records.size, topic.cursor]).toEqual([0, null]);
});

it('[RP4] learns a single record unless it holds a newer one', () => {
  const topic = topicAt(5);
  expect(topic.learn(['a', 4, { title: 'Old' }])).toEqual([]);
  topic.learn(['a', 6, { title: 'New' }]);
  expect(topic.records.get('a' as never)).toMatchObject({ version: 6, attrs: { title: 'New' } });
});

it('[RD12] remembers the newest effects where nobody follows, and no more for ever', () => {
  const topic = new Topic(TOPIC);
  for (let i = 1; i <= 5_000; i++) topic.effect(recordKey(`r${i % 2_000}`), i, 0);
  expect(topic.absorbed.size).toBe(1_000);
  expect(topic.learn(['r0', 3_999, { title: 'old' }])).not.toEqual([]);
  expect(topic.learn(['r999', 4_998, { title: 'old' }])).toEqual([]);
});

it('[RP16] believes only what the cursor says where another process answers, if anything above it is known of', () => {
  const quiet = topicAt(5);
  distrust(quiet);
  expect(quiet.apply(changes(5, 6, ['b', 6, { title: 'B' }, '*']), 0).type).toBe('applied');
  const [read, written] = [topicAt(5), topicAt(5)];
  read.learn(['b', 8, { title: 'read alone' }]);
  written.effect(recordKey('c'), 7, 0);
  for (const topic of [read, written]) {
    expect(topic.cursor).toEqual(cursor(5));
    distrust(topic);
    expect(topic.apply(changes(5, 9, ['b', 9, { title: 'B' }, '*']), 0)).toEqual({ type: 'gap' });
    expect([...topic.replace([['a', 5, {}]], cursor(6), 0).changed.keys()]).toContain('a');
  }
  const alone = new Topic(TOPIC);
  alone.learn(['b', 8, { title: 'of the lost branch' }]);
  distrust(alone);
  alone.learn(['b', 6, { title: 'B' }]);
  expect(alone.attrs(recordKey('b'))).toEqual({ title: 'B' });
});

it('[RP16] keeps no cursor that would be believed while effects of ours above it are known', () => {
  const marks = (ops: readonly Op[]) =>
    ops.flatMap((op) => (op.type === 'putTopic' ? [op.row.cursor.mark] : []));
  const topic = topicAt(5);
  expect(marks(topic.effect(recordKey('a'), 7, 0))).toEqual(['?']);
  expect([topic.cursor?.mark, ...marks(topic.anew(0))]).toEqual(['m5', '?']);
  const applied = topic.apply(changes(5, 7, ['a', 7, { title: 'B' }]), 0);
  expect(applied.type === 'applied' && marks(applied.ops)).toEqual(['m7']);
});
