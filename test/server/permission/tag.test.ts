import { describe, expect, it } from 'vitest';
import { FakePeer, sent, TASKS } from '../support/fake-peer.ts';
import { testCore } from '../support/test-core.ts';

async function world() {
  const { core, logged } = testCore({ page: { rows: 1 } });
  const roles: Record<string, unknown> = { ann: 'clerk' };
  const tasks = core.resource('/tasks', {
    authorize: ({ user }) => ({ tag: roles[user] as string }),
    filter: ({ secret }, { tag }) => tag === 'boss' || !secret,
  });
  await tasks.publish([
    { record: 1, set: {} },
    { record: 2, set: { secret: true } },
    { record: 3, set: {} },
  ]);
  return { core, logged, roles, tasks, ann: await FakePeer.connect(core, 'ann') };
}

describe('the tag of authorize', () => {
  it('[PE5] has who comes under another begin with a snapshot, and only them', async () => {
    const { tasks, ann, roles } = await world();
    const { cursor } = await ann.begin();
    await tasks.publish({ record: 1, set: { n: 1 } });
    expect(await ann.follow(TASKS, cursor)).toMatchObject({
      type: 'changes',
      changes: { entries: [[1, 4, { n: 1 }]] },
    });
    roles.ann = 'boss';
    const anew = await ann.begin(TASKS, cursor);
    expect(anew.cursor.epoch).not.toBe(cursor.epoch);
    roles.ann = '';
    await ann.begin(TASKS, anew.cursor);
  });

  it('[PE5] lets no snapshot go on under another, and is in the epoch of reads', async () => {
    const { ann, roles } = await world();
    const { cursor: at } = await ann.begin();
    const before = (await ann.ask('read', { topic: TASKS })) as { epoch: string };
    expect(before.epoch).toBe(at.epoch);
    roles.ann = 'boss';
    const page = await ann.ask('page', { topic: TASKS, at, after: '1' });
    expect(page).toMatchObject({ refused: { code: 'gone' } });
    expect(await ann.ask('read', { topic: TASKS })).not.toMatchObject({ epoch: before.epoch });
  });

  it('[PE5] opens for writes too, and is nothing else than a short text', async () => {
    const { ann, roles, logged } = await world();
    expect(await ann.types(sent('a:1', { user: 'ann', record: 4 }))).toEqual(['applied']);
    for (const wrong of [7, null, 'x'.repeat(201), '\uD800']) {
      roles.ann = wrong;
      expect(await ann.ask('follow', { topics: [{ topic: TASKS, cursor: null, live: true }] })).toMatchObject(
        { refused: { code: 'retry' } },
      );
    }
    expect(logged).toContainEqual({ level: 'error', event: 'judgement-failed' });
  });
});

describe('a filter that comes or goes', () => {
  it('[PE8] has who was away begin anew, with a tag and without, though nothing was written since', async () => {
    for (const tag of ['', 'clerk']) {
      const { core } = testCore();
      const tasks = core.resource('/tasks', { authorize: () => ({ tag }) });
      await tasks.publish([
        { record: 1, set: {} },
        { record: 2, set: { secret: true } },
      ]);
      const ann = await FakePeer.connect(core, 'ann');
      const open = await ann.begin();
      // As after a deploy.
      Object.assign(tasks.options, { filter: ({ secret }: { secret?: boolean }) => !secret });
      const filtered = await ann.begin(TASKS, open.cursor);
      expect(filtered.rows).toEqual([[1, 1, {}]]);
      expect((await ann.follow(TASKS, filtered.cursor)).type).toBe('changes');
      Object.assign(tasks.options, { filter: undefined });
      expect(await ann.follow(TASKS, filtered.cursor)).toMatchObject({ type: 'snapshot', rows: [{}, {}] });
      expect((await ann.follow(TASKS, open.cursor)).type).toBe('changes');
    }
  });
});

describe('a topic under :me', () => {
  it('[PE10] is its user’s and nobody else’s, with neither public nor authorize', async () => {
    const { core } = testCore();
    const notes = core.resource('/users/:me/notes');
    core.resource('/users/:me/open', { public: true, authorize: () => true });
    const [ann, bob, nobody] = await Promise.all(['ann', 'bob', ''].map((u) => FakePeer.connect(core, u)));
    if (!ann || !bob || !nobody) throw new Error('Nobody is there');
    const write = (peer: FakePeer, id: string, topic: string) =>
      peer.types(sent(id, { user: peer.user, topic, record: 1, set: { by: peer.user } }));
    expect(await write(ann, 'a:1', '/users/ann/notes')).toEqual(['applied']);
    for (const [n, peer] of [bob, nobody].entries())
      for (const [at, topic] of ['/users/ann/notes', '/users/ann/open'].entries()) {
        expect(await write(peer, `b:${n}${at}`, topic)).toEqual(['forbidden']);
        expect(await peer.follow(topic)).toMatchObject({ type: 'denied', code: 'forbidden' });
        expect(await peer.ask('read', { topic, record: 1 })).toMatchObject({
          refused: { code: 'forbidden' },
        });
      }
    await notes.publish({ record: 2, set: { by: 'server' } }, { me: 'ann' });
    expect(await ann.follow('/users/ann/notes')).toMatchObject({
      type: 'snapshot',
      rows: [
        [1, 1, {}],
        [2, 2, {}],
      ].map(([id, version]) => [id, version, expect.anything()]),
    });
  });
});
