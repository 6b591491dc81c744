import { describe, expect, it } from 'vitest';
import type { Topic } from '../../src/protocol/ids.ts';
import { memoryStore } from '../../src/server/stores/memory-store.ts';
import { settle } from '../../src/testing/virtual-clock.ts';
import { FakePeer, TASKS } from './support/fake-peer.ts';
import { publicCore, testCore } from './support/test-core.ts';

describe('publishing', () => {
  it('[SV24] makes none of the changes where one of them is none, and says what is wrong', async () => {
    const { core, tasks, peer } = await publicCore();
    const wrong: readonly [unknown, string, string][] = [
      [undefined, 'bad-option', 'found nothing'],
      ['x', 'bad-option', '{ record, set }'],
      [{ set: { a: 1 } }, 'bad-option', "as record the record's id, text or a number: found nothing"],
      [{ record: null }, 'bad-option', 'found null'],
      [{ record: Number.NaN }, 'bad-option', 'found NaN'],
      [{ record: '' }, 'bad-option', 'found ""'],
      [{ record: '\ud800' }, 'bad-option', 'as record'],
      [{ record: 1, set: 'a' }, 'bad-option', 'as set attributes, an object: found "a"'],
      [{ record: 1, set: null }, 'bad-option', 'found null'],
      [{ record: 1, set: { n: 1n } }, 'bad-attribute', 'record 1 of /tasks'],
      [{ record: 1, set: JSON.parse('{"__proto__": 1}') }, 'bad-attribute', '__proto__'],
      [{ record: 1, unset: 'a' }, 'bad-option', 'as unset a list of names'],
      [{ record: 1, deleted: false }, 'bad-option', 'as deleted true'],
      [{ record: 1, deleted: true, set: {} }, 'bad-option', 'found both'],
      [{ record: 1, delete: true }, 'bad-option', 'did you mean deleted?'],
    ];
    for (const [change, code, said] of wrong) {
      const error = { name: 'MedullaError', code, message: expect.stringContaining(said) };
      await expect(tasks.publish([{ record: 'good' }, change as never])).rejects.toMatchObject(error);
      await expect(core.publish(TASKS, change as never)).rejects.toMatchObject(error);
    }
    expect(await tasks.publish([])).toBe(0);
    expect(await peer.follow()).toMatchObject({ type: 'snapshot', rows: [] });
  });

  it('[SV24] makes none where one would make its record too large, with what was there before', async () => {
    const { tasks, peer } = await publicCore({ limits: { record: 40 } });
    await tasks.publish({ record: 1, set: { a: 'x'.repeat(20) } });
    const error = { code: 'too-large', message: expect.stringContaining('40 bytes') };
    const more = { record: 1, set: { b: 'x'.repeat(20) } };
    await expect(tasks.publish([{ record: 2 }, more])).rejects.toMatchObject(error);
    await expect(tasks.publish(more)).rejects.toMatchObject(error);
    expect(await peer.record(2)).toBe(null);
    expect(await tasks.publish([{ record: 1, deleted: true }, more, { record: 2 }])).toBe(4);
  });

  it('[SV24] is an error for a topic that no resource answers, or without a parameter', async () => {
    const { core } = testCore();
    const tasks = core.resource('/projects/:project/tasks');
    for (const topic of ['/taks', 'tasks', '/projects/7/tasks?a=1', undefined, 7])
      await expect(core.publish(topic as Topic, { record: 1 })).rejects.toMatchObject({
        code: 'unknown-resource',
        message: expect.stringContaining('No resource answers'),
      });
    await expect(tasks.publish({ record: 1 })).rejects.toMatchObject({ code: 'bad-option' });
    await expect(tasks.publish({ record: 1 }, { project: [7] })).rejects.toThrow('found a list');
  });

  it('[SV24] is an error after the server was closed', async () => {
    const { core, tasks } = await publicCore();
    await core.close();
    await expect(tasks.publish({ record: 1 })).rejects.toMatchObject({ code: 'unreachable' });
  });
});

describe('a row that no client could read', () => {
  it('[SV25] stays out of snapshots, pages, reads and changes, and is logged', async () => {
    const store = memoryStore();
    const bad = [null, 9, { a: 1 }] as never;
    const { page, log } = store;
    store.page = async (...args) => {
      const found = await page.apply(store, args);
      return { ...found, rows: [bad, ...found.rows] };
    };
    store.log = async (...args) => {
      const found = await log.apply(store, args);
      return found && { ...found, entries: [...found.entries, bad] };
    };
    const { core, logged } = testCore({ store, page: { rows: 1 } });
    const tasks = core.resource('/tasks', { public: true });
    await tasks.publish([{ record: 1 }, { record: 2 }]);
    const peer = await FakePeer.connect(core);
    const first = await peer.begin();
    expect(first).toMatchObject({ rows: [[1, 1, {}]], next: '1' });
    expect(await peer.ask('page', { topic: TASKS, at: first.cursor, after: '1' })).toEqual({
      rows: [[2, 2, {}]],
      next: null,
    });
    expect(await peer.ask('read', { topic: TASKS })).toMatchObject({
      rows: [
        [1, 1, {}],
        [2, 2, {}],
      ],
    });
    expect(await peer.follow(TASKS, first.cursor)).toMatchObject({ changes: { entries: [] } });
    expect(logged.filter(({ event }) => event === 'bad-rows').length).toBe(5);
  });
});

describe('hearing', () => {
  it('[MN1] ends once, and takes nothing from others who follow', async () => {
    const { core, tasks, peer } = await publicCore();
    await peer.follow();
    const heard: number[] = [];
    const end = core.hear(TASKS, { hear: ({ to }) => void heard.push(to), restored: () => undefined });
    await settle();
    await tasks.publish({ record: 1 });
    await settle();
    end();
    end();
    await settle();
    await tasks.publish({ record: 2 });
    await settle();
    expect([heard, peer.changes.map(({ to }) => to)]).toEqual([
      [1, 1],
      [1, 2],
    ]);
  });
});
