import { describe, expect, it } from 'vitest';
import { Topic } from '../../src/hub/replica/topic.ts';
import type { Changes } from '../../src/protocol/change.ts';
import { type Epoch, type Mark, recordKey } from '../../src/protocol/ids.ts';
import { holdAnswer } from '../support/hold-answer.ts';
import { TOPIC } from '../support/mutations.ts';
import { appliedBefore } from './applied-before.ts';
import { twoFollowers } from './two-followers.ts';
import { withRecords } from './with-records.ts';

/** As the server calls what is told to another role. */
const BOSS = 'epoch1::boss' as Epoch;

/** A topic up to 5, and changes up to `to` of which nothing is told. */
function topicAtFive() {
  const topic = new Topic(TOPIC);
  const epoch = 'epoch1' as Epoch;
  topic.replace([['a', 5, { title: 'A' }]], { epoch, offset: 5, mark: 'm5' as Mark }, 0);
  const nothing = (to: number): Changes => ({
    ...{ topic: TOPIC, epoch, from: topic.cursor?.offset ?? 0, to },
    ...{ mark: `m${to}` as Mark, entries: [] },
  });
  return { topic, nothing };
}

describe('what is told under changing rights', () => {
  it.each([
    ['a write of ours', (topic: Topic) => topic.absorb(recordKey('n'), 'n', { title: 'N' }, 7)],
    ['a read', (topic: Topic) => topic.learn(['n', 7, { title: 'N' }])],
  ])(
    '[RP17] lets go of what %s had made known, where the changes up to it do not tell of it',
    (_what, make) => {
      const { topic, nothing } = topicAtFive();
      make(topic);
      topic.apply(nothing(6), 0);
      expect([...topic.records.keys()]).toEqual(['a', 'n']);
      const applied = topic.apply(nothing(7), 0);
      expect([...topic.records.keys()]).toEqual(['a']);
      expect(applied.type === 'applied' && [...applied.changed]).toEqual([['n', { title: 'N' }]]);
      expect(applied.type === 'applied' && applied.ops[0]).toMatchObject({ type: 'deleteRecord', key: 'n' });
    },
  );

  it('[RP17] lets go of it above a snapshot, too, and of nothing that has changed since', () => {
    const { topic, nothing } = topicAtFive();
    const cursor = { epoch: 'epoch1' as Epoch, offset: 6, mark: 'm6' as Mark };
    topic.replace(
      [['a', 6, {}]].concat([
        ['n', 7, {}],
        ['o', 8, {}],
      ]) as never,
      cursor,
      0,
    );
    topic.apply({ ...nothing(7), entries: [['n', 7, { title: 'N' }, '*']] }, 0);
    topic.apply(nothing(8), 0);
    expect([...topic.records.keys()]).toEqual(['a', 'n']);
  });

  it('[RP17] believes no cursor beside what was read under other rights than it', async () => {
    const { world, server, tab } = await withRecords(true);
    const go = server.hold('follow');
    server.drop();
    await world.settle(5_000);
    server.on('read', () => ({ rows: [], epoch: BOSS }));
    tab.read({ record: 'a', cache: 'reload' });
    await world.settle(1_000);
    expect([tab.seen('a'), world.disk.rows.topics.get(TOPIC)?.cursor.mark]).toEqual([null, '?']);
    go();
    await world.settle();
    expect(tab.seen('a')).toEqual({ title: 'A' });
  });

  it.each([
    ['', false],
    [', until that includes it, also over the next link', true],
  ])(
    '[RP17] keeps the layer of an applied write over a snapshot that was begun before, under other rights%s',
    async (_until, isNext) => {
      const { world, server, tab, other } = await twoFollowers((at) => at.note(TOPIC, 'b', { title: 'B' }));
      server.page = 1;
      server.epoch = BOSS;
      server.note(TOPIC, 'c', { title: 'C' });
      const cursor = server.cursor(TOPIC);
      const rows = server.rows(TOPIC);
      const go = server.hold('page');
      // Something is missing before it: the topic is asked for again.
      server.note(TOPIC, 'd', { title: 'D' });
      server.on('follow', ({ topics }, next) => {
        next();
        return {
          topics: topics.map(({ topic }) => ({ type: 'snapshot', topic, cursor, rows, next: 'c' as never })),
        };
      });
      server.tell(TOPIC, 3);
      await appliedBefore(world, tab, go);
      if (isNext) {
        server.hold('follow');
        server.drop();
        await world.settle(5_000);
        tab.write({ record: 'b', base: 2, set: { title: 'Next' } });
        await world.settle();
        expect(tab.story(2).at(-1)).toBe('settled applied');
      }
      const read = other.read({ cache: 'only' });
      await world.settle();
      const title = isNext ? 'Next' : 'B';
      expect(other.rows(read)).toMatchObject({ a: { title: 'Mine' }, b: { title }, c: { title: 'C' } });
    },
  );

  it.each([
    ['before', false],
    ['while', true],
  ])(
    '[RP17] shows a write of what was forbidden with its effect, where the record was read %s it was written',
    async (_when, isLate) => {
      const { world, server, tab } = await withRecords(true);
      server.echo = 'never';
      server.deny(TOPIC, 'forbidden');
      await world.settle();
      const go = isLate ? holdAnswer(server, 'read') : () => undefined;
      tab.read({ record: 'a', cache: 'reload' });
      await world.settle();
      tab.write({ record: 'a', base: 1, set: { title: 'Mine' } });
      await world.settle();
      go();
      await world.settle();
      const read = tab.read({ record: 'a', cache: 'only' });
      await world.settle();
      expect(tab.answers.get(read)).toMatchObject({ rows: [['a', 3, { title: 'Mine' }]] });
    },
  );
});
