import { describe, expect, it } from 'vitest';
import type { Cursor } from '../../src/protocol/change.ts';
import type { RecordKey } from '../../src/protocol/ids.ts';
import { memoryStore } from '../../src/server/stores/memory-store.ts';
import { settle } from '../../src/testing/virtual-clock.ts';
import { FakePeer, sent, TASKS } from './support/fake-peer.ts';
import { publicCore, testCore } from './support/test-core.ts';

const update = { method: 'update', base: 'previous' } as const;

const cursorOf = (answer: Awaited<ReturnType<FakePeer['follow']>>): Cursor => {
  if (answer.type === 'snapshot') return answer.cursor;
  if (answer.type === 'denied') throw new Error(answer.message);
  const { epoch, to, mark } = answer.changes;
  return { epoch, offset: to, mark };
};

describe('following', () => {
  it('[SV12] begins with a snapshot, in pages, where there is no cursor', async () => {
    const { tasks, peer } = await publicCore({ page: { rows: 2 } });
    await tasks.publish(['a', 'b', 'c', 'd', 'e'].map((record, n) => ({ record, set: { n } })));
    const first = await peer.begin();
    expect(first).toMatchObject({
      rows: [
        ['a', 1, { n: 0 }],
        ['b', 2, { n: 1 }],
      ],
      next: 'b',
      cursor: { offset: 5 },
    });
    const ask = (after: RecordKey, at = first.cursor) => peer.ask('page', { topic: TASKS, at, after });
    expect(await ask('b' as RecordKey)).toMatchObject({
      rows: [
        ['c', 3, { n: 2 }],
        ['d', 4, { n: 3 }],
      ],
      next: 'd',
    });
    expect(await ask('d' as RecordKey)).toMatchObject({ rows: [['e', 5, { n: 4 }]], next: null });
    const other = { ...first.cursor, epoch: 'other' as typeof first.cursor.epoch };
    expect(await ask('b' as RecordKey, other)).toMatchObject({ refused: { code: 'gone' } });
  });

  it('[SV12] begins with what was missed, one entry a record, where the cursor holds', async () => {
    const { tasks, peer } = await publicCore();
    await tasks.publish([
      { record: 'x', set: { n: 1 } },
      { record: 'y', set: { n: 1 } },
    ]);
    const cursor = cursorOf(await peer.follow());
    await peer.ask('release', { topic: TASKS });
    await tasks.publish([
      { record: 'x', set: { n: 2 } },
      { record: 'x', set: { m: 1 } },
      { record: 'y', deleted: true },
    ]);
    expect(await peer.follow(TASKS, cursor)).toMatchObject({
      type: 'changes',
      changes: {
        from: 2,
        to: 5,
        epoch: cursor.epoch,
        entries: [
          ['x', 4, { n: 2, m: 1 }],
          ['y', 5, null],
        ],
      },
    });
  });

  it('[SV12] begins with a snapshot where the cursor does not hold', async () => {
    const { peer, tasks } = await publicCore();
    await tasks.publish({ record: 'x', set: { n: 1 } });
    const cursor = cursorOf(await peer.follow());
    expect(await peer.follow(TASKS, { ...cursor, mark: 'from a backup' })).toMatchObject({
      type: 'snapshot',
    });
    expect(await peer.follow(TASKS, { ...cursor, epoch: 'other' })).toMatchObject({ type: 'snapshot' });
    expect(await peer.follow(TASKS, cursor)).toMatchObject({ type: 'changes', changes: { entries: [] } });
  });

  it('[SV12] misses nothing that is committed while it begins', async () => {
    const store = memoryStore();
    const head = store.head.bind(store);
    const { tasks, peer } = await publicCore({ store });
    store.head = async (topic) => {
      store.head = head;
      const cursor = await head(topic);
      await tasks.publish({ record: 'x', set: { n: 1 } });
      return cursor;
    };
    const answer = await peer.follow();
    expect(answer).toMatchObject({ type: 'snapshot', cursor: { offset: 0 } });
    expect(peer.changes).toMatchObject([{ from: 0, to: 1, entries: [['x', 1, { n: 1 }, '*']] }]);
  });

  it('[SV12] without live is answered once, and no change comes after it', async () => {
    const { tasks, peer } = await publicCore();
    expect(await peer.follow(TASKS, null, false)).toMatchObject({ type: 'snapshot' });
    await tasks.publish({ record: 'x', set: { n: 1 } });
    await settle();
    expect(peer.changes).toEqual([]);
  });

  it('[SV12] ends with a release, or with the connection', async () => {
    const { core, tasks, peer } = await publicCore();
    const other = await FakePeer.connect(core);
    await Promise.all([peer.follow(), other.follow()]);
    await peer.ask('release', { topic: TASKS });
    await other.session.end();
    await tasks.publish({ record: 'x', set: { n: 1 } });
    await settle();
    expect([peer.changes, other.changes]).toEqual([[], []]);
    expect(await other.ask('release', { topic: TASKS })).toMatchObject({ refused: { code: 'unreachable' } });
  });

  it('[SV12] is not overtaken by its release, nor does it outlive the connection', async () => {
    const { core } = testCore();
    const tasks = core.resource('/tasks', { authorize: () => settle().then(() => true) });
    const [peer, other] = await Promise.all([FakePeer.connect(core), FakePeer.connect(core)]);
    await Promise.all([peer.follow(), peer.ask('release', { topic: TASKS })]);
    const late = other.ask('follow', { topics: [{ topic: TASKS, cursor: null, live: true }] });
    await other.session.end();
    // Not denied: a hub that hears it asks the next connection.
    expect(await late).toMatchObject({ refused: { code: 'unreachable' } });
    await tasks.publish({ record: 'x', set: { n: 1 } });
    await settle();
    expect([peer.changes, other.changes]).toEqual([[], []]);
  });

  it('[SV12] is denied topic by topic, and ends what was followed before', async () => {
    let isOpen = true;
    const { core } = testCore();
    const tasks = core.resource('/tasks', { authorize: () => isOpen });
    core.resource('/notes', { public: true });
    const peer = await FakePeer.connect(core);
    await peer.follow();
    isOpen = false;
    const wishes = ['/tasks', '/notes'].map((topic) => ({ topic, cursor: null, live: true }));
    expect(await peer.ask('follow', { topics: wishes })).toMatchObject({
      topics: [
        { type: 'denied', topic: '/tasks', code: 'forbidden' },
        { type: 'snapshot', topic: '/notes' },
      ],
    });
    await tasks.publish({ record: 'x', set: { n: 1 } });
    await settle();
    expect(peer.changes).toEqual([]);
  });

  it('[SV10] holds so many topics a connection', async () => {
    const { core } = testCore({ limits: { topics: 2 } });
    core.resource('/t/:n', { public: true });
    const peer = await FakePeer.connect(core);
    const follow = (n: number) => peer.follow(`/t/${n}`);
    expect([(await follow(1)).type, (await follow(2)).type, (await follow(2)).type]).not.toContain('denied');
    expect(await follow(3)).toMatchObject({ type: 'denied', code: 'rate' });
    await peer.ask('release', { topic: '/t/1' });
    expect((await follow(3)).type).toBe('snapshot');
  });
});

describe('changes', () => {
  it('[SV13] go to all who follow, the author too, one event for one batch', async () => {
    const { core, peer } = await publicCore();
    const other = await FakePeer.connect(core);
    await Promise.all([peer.follow(), other.follow()]);
    await peer.push(sent('a:1', { set: { n: 1 } }), sent('a:2', { ...update, set: { n: 2 } }, ['a:3']));
    await peer.push(sent('a:4', { method: 'delete' }), sent('a:4', { method: 'delete' }));
    expect(peer.changes).toMatchObject([
      {
        topic: '/tasks',
        from: 0,
        to: 2,
        entries: [
          ['x', 1, { n: 1 }, '*', ['a:1']],
          ['x', 2, { n: 2 }, null, ['a:2', 'a:3']],
        ],
      },
      { topic: '/tasks', from: 2, to: 3, entries: [['x', 3, null, null, ['a:4']]] },
    ]);
    expect(other.changes).toEqual(peer.changes);
    expect(peer.changes[0]?.mark).not.toBe(peer.changes[1]?.mark);
  });

  it('[SV13] of one turn of the event loop go out together, whoever made them', async () => {
    const { core, tasks, peer } = await publicCore();
    await peer.follow();
    const others = await Promise.all([FakePeer.connect(core), FakePeer.connect(core)]);
    await Promise.all([
      ...others.map((other, n) => other.push(sent(`b:${n}`, { record: `b${n}` }))),
      tasks.publish({ record: 'y', set: { n: 1 } }),
    ]);
    expect(peer.changes.map(({ from, to, entries }) => [from, to, entries.length])).toEqual([[0, 3, 3]]);
  });

  it('[SV13] are not told of what was refused, or was there already', async () => {
    const { peer } = await publicCore();
    await peer.follow();
    await peer.push(sent('a:1'), sent('a:2'), sent('a:1'), sent('a:3', { record: 'y', method: 'delete' }));
    expect(peer.changes.map(({ to }) => to)).toEqual([1]);
  });
});
