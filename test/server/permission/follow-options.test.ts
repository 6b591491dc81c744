import { describe, expect, it } from 'vitest';
import type { Answers, Followed } from '../../../src/protocol/server-down.ts';
import type { CoreOptions } from '../../../src/server/core-options.ts';
import { FakePeer, TASKS } from '../support/fake-peer.ts';
import { testCore } from '../support/test-core.ts';

const key = { key: 'k' };

/** Two records in pages of one, for whoever says the key. */
async function world(options: Partial<CoreOptions> = {}) {
  const { core } = testCore({ page: { rows: 1 }, ...options });
  core.resource('/tasks', { authorize: ({ options }) => options.key === 'k' });
  core.resource('/tasks/:part', { authorize: ({ options }) => options.key === 'k' });
  await core.publish(TASKS, [
    { record: 1, set: {} },
    { record: 2, set: {} },
  ]);
  const ann = await FakePeer.connect(core, 'ann');
  const follow = async (topic: string, options: object | undefined, live = true): Promise<Followed> => {
    const asked = { topics: [{ topic, cursor: null, live, ...(options && { options }) }] };
    const { topics } = (await ann.ask('follow', asked)) as Answers['follow'];
    return topics[0] as Followed;
  };
  const begin = async (live: boolean) => {
    const first = await follow(TASKS, key, live);
    if (first.type !== 'snapshot') throw new Error(first.type);
    return (after: string) => ann.ask('page', { topic: TASKS, at: first.cursor, after });
  };
  return { core, ann, follow, begin };
}

describe('what a page says with a follow', () => {
  it.each([true, false])('[PE16] is what its further pages are judged by, live: %s', async (live) => {
    const { begin } = await world();
    const page = await begin(live);
    expect(await page('1')).toMatchObject({ rows: [[2, 2, {}]], next: null });
  });

  it('[PE16] is what it is judged by when it is asked again', async () => {
    const { core, ann, follow } = await world();
    await follow(TASKS, key);
    await core.recheck({ user: 'ann' });
    expect([ann.denials, [...ann.session.topics]]).toEqual([[], [TASKS]]);
  });

  it('[PE16] is the last that was said, and ends with what it was said for', async () => {
    const { core, ann, follow, begin } = await world();
    const page = await begin(true);
    expect(await follow(TASKS, { key: 'other' })).toMatchObject({ type: 'denied', code: 'forbidden' });
    expect(await page('1')).toMatchObject({ refused: { code: 'forbidden' } });
    const once = await begin(false);
    await once('1');
    expect(await once('1')).toMatchObject({ refused: { code: 'forbidden' } });
    await begin(true);
    await ann.ask('release', { topic: TASKS });
    expect(await page('1')).toMatchObject({ refused: { code: 'forbidden' } });
    await core.recheck({});
    expect(ann.denials).toEqual([]);
  });

  it('[LI19] is kept up to a bound: beyond it a topic is denied, for good where it is too much by itself', async () => {
    const { follow } = await world({ limits: { options: 100 } });
    const said = (length: number) => ({ ...key, more: 'x'.repeat(length) });
    const code = (answer: Followed) => (answer.type === 'denied' ? answer.code : null);
    expect(code(await follow('/tasks/1', said(100)))).toBe('too-large');
    expect(code(await follow('/tasks/1', said(40)))).toBe(null);
    expect(code(await follow('/tasks/2', said(40)))).toBe('rate');
    // What was said before for the same topic makes room.
    expect(code(await follow('/tasks/1', said(60)))).toBe(null);
    expect(code(await follow('/tasks/2', key))).toBe('rate');
    expect(code(await follow('/tasks/1', key))).toBe(null);
    expect(code(await follow('/tasks/2', said(20)))).toBe(null);
  });
});
