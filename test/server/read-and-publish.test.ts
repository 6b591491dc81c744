import { describe, expect, it } from 'vitest';
import { memoryStore } from '../../src/server/stores/memory-store.ts';
import { sqliteStore } from '../../src/server/stores/sqlite-store.ts';
import { FakePeer, TASKS } from './support/fake-peer.ts';
import { publicCore, testCore } from './support/test-core.ts';

describe('a read', () => {
  it('[SV14] finds one record, all, or those that equal a query in what it names', async () => {
    const { tasks, peer } = await publicCore({ page: { rows: 2 } });
    await tasks.publish([
      { record: 1, set: { done: true, by: 'ann' } },
      { record: 2, set: { done: false, by: 'ann' } },
      { record: 3, set: { done: true, by: 'bob', tags: ['a'] } },
    ]);
    const find = async (query: unknown) => {
      const answer = (await peer.ask('read', { topic: TASKS, query })) as { rows: [number][] };
      return answer.rows.map(([id]) => id);
    };
    expect(await peer.ask('read', { topic: TASKS, record: '2' })).toEqual({
      rows: [[2, 2, { done: false, by: 'ann' }]],
      epoch: expect.any(String),
    });
    expect(await peer.ask('read', { topic: TASKS, record: 9 })).toMatchObject({ rows: [] });
    expect(await find(undefined)).toEqual([1, 2, 3]);
    expect(await find({ done: true })).toEqual([1, 3]);
    expect(await find({ done: 'true', by: 'ann' })).toEqual([1]);
    expect(await find({ tags: ['a'] })).toEqual([3]);
    expect(await find({ toString: 'x' })).toEqual([]);
  });
});

describe('publishing', () => {
  it('[SV16] makes changes without permission, in one transaction, and tells the topic’s offset', async () => {
    const { core } = testCore();
    const tasks = core.resource('/projects/:project/tasks');
    expect(await tasks.publish([{ record: 1, set: { n: 1 } }, { record: 2 }], { project: 7 })).toBe(2);
    expect(await core.publish(tasks.topic({ project: 7 }), { record: 1, set: { m: 1 }, unset: ['n'] })).toBe(
      3,
    );
    expect(await tasks.publish({ record: 2, deleted: true }, { project: 7 })).toBe(4);
    core.resource('/projects/:project/:any', { public: true });
    const peer = await FakePeer.connect(core);
    expect(await peer.ask('read', { topic: '/projects/7/tasks' })).toMatchObject({
      refused: { code: 'forbidden' },
    });
  });

  it.each([
    ['memory', () => memoryStore()],
    ['SQLite', () => sqliteStore(':memory:')],
  ])('[SV16] makes no record of what is there no more, where it is to exist: %s', async (_kind, store) => {
    const { tasks, peer } = await publicCore({ store: store() });
    await tasks.publish({ record: 1, set: { n: 1 } });
    const changes = [
      { record: 1, set: { n: 2 }, existing: true },
      { record: 2, set: { n: 2 }, existing: true },
    ] as const;
    expect(await tasks.publish(changes)).toBe(2);
    expect(await peer.ask('read', { topic: TASKS })).toMatchObject({ rows: [[1, 2, { n: 2 }]] });
  });

  it('[SV16] refuses what is no JSON, or too large', async () => {
    const { tasks } = await publicCore({ limits: { record: 20 } });
    await expect(tasks.publish({ record: 1, set: JSON.parse('{"constructor": 1}') })).rejects.toThrow(
      'constructor',
    );
    await expect(tasks.publish({ record: 1, set: { text: 'x'.repeat(30) } })).rejects.toMatchObject({
      code: 'too-large',
    });
  });
});
