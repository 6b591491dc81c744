import { describe, expect, it } from 'vitest';
import { type Identity, memoryStore } from '../../../src/server.ts';
import { settle, VirtualClock } from '../../../src/testing/virtual-clock.ts';
import { FakePeer, handshake, sent, TASKS } from '../support/fake-peer.ts';
import { testCore } from '../support/test-core.ts';
import { BOTH, filtered } from './filtered.ts';

async function world() {
  const { core, logged } = testCore({ store: memoryStore() });
  const members = new Map<string, string>([
    ['ann', 'clerk'],
    ['bob', 'clerk'],
  ]);
  const authorize = ({ user }: { user: string }) => {
    const tag = members.get(user);
    return tag === undefined ? false : { tag };
  };
  const tasks = core.resource('/tasks', { authorize });
  core.resource('/open', { public: true });
  const [ann, bob] = [await FakePeer.connect(core, 'ann'), await FakePeer.connect(core, 'bob')];
  for (const peer of [ann, bob]) for (const topic of ['/tasks', '/open']) await peer.follow(topic);
  return { core, logged, members, tasks, ann, bob };
}

describe('what is asked again', () => {
  it('[PE6] ends what may not be followed any more, and nothing else', async () => {
    const { core, members, tasks, ann, bob } = await world();
    members.delete('ann');
    await core.recheck({ user: 'bob' });
    expect(ann.denials).toEqual([]);
    await core.recheck({ user: 'ann' });
    expect(ann.denials).toMatchObject([{ topic: '/tasks', code: 'forbidden' }]);
    expect(bob.denials).toEqual([]);
    expect([...ann.session.topics]).toEqual(['/open']);
    await tasks.publish({ record: 1, set: {} });
    await new Promise(setImmediate);
    expect([ann.changes.length, bob.changes.length]).toEqual([0, 1]);
    expect(await ann.types(sent('a:1', { user: 'ann', record: 2 }))).toEqual(['forbidden']);
  });

  it('[PE6] has what is to be seen under another tag begin anew', async () => {
    const { core, members, ann } = await world();
    await core.recheck({ topic: '/tasks' });
    expect(ann.denials).toEqual([]);
    members.set('ann', 'boss');
    await core.recheck({ topic: '/open' });
    expect(ann.denials).toEqual([]);
    await core.recheck({ topic: '/tasks' });
    expect(ann.denials).toMatchObject([{ topic: '/tasks', code: 'gone' }]);
  });

  it('[PE6] has what a filter shows begin anew, even where the cursor would hold', async () => {
    const { core, seen, ann, cursor } = await filtered();
    expect((await ann.follow(TASKS, cursor)).type).toBe('changes');
    seen.add(2);
    await core.recheck({ topic: TASKS });
    expect(ann.denials).toMatchObject([{ code: 'gone' }]);
    expect(await ann.follow(TASKS, cursor)).toMatchObject({ type: 'snapshot', rows: BOTH });
    expect((await ann.follow(TASKS, cursor)).type).toBe('changes');
  });

  it('[PE6] has who cannot be judged ask again', async () => {
    const { core, ann, logged } = await world();
    core.resource('/broken', { authorize: () => isWell || Promise.reject(new Error('down')) });
    let isWell = true;
    await ann.follow('/broken');
    isWell = false;
    await core.recheck({ topic: '/broken' });
    expect(ann.denials).toMatchObject([{ topic: '/broken', code: 'retry' }]);
    expect(logged).toContainEqual({ level: 'error', event: 'judgement-failed' });
  });
});

describe('who is asked again', () => {
  function door(options: object = {}) {
    const tokens = new Map<string, Identity>([
      ['a', { user: 'ann' }],
      ['b', { user: 'bob' }],
    ]);
    const closed: string[] = [];
    const { core, logged } = testCore({
      authenticate: async ({ token }) => {
        const identity = tokens.get(token ?? '');
        if (identity === 'broken') throw new Error('No database');
        return identity;
      },
      ...options,
    });
    const connect = (user: string, token: string) =>
      core.connect({
        handshake: { ...handshake(user), token },
        send: () => undefined,
        close: () => void closed.push(user),
      });
    return { core, logged, tokens, closed, connect };
  }

  it('[PE6] is hung up on where authenticate lets them in no more, and keeps a new identity', async () => {
    const { core, tokens, closed, connect } = door();
    const [ann, bob] = [await connect('ann', 'a'), await connect('bob', 'b')];
    tokens.set('a', { user: 'ann', role: 'boss' } as Identity);
    tokens.delete('b');
    await core.recheck({ topic: TASKS });
    expect(closed).toEqual([]);
    await core.recheck({});
    expect(closed).toEqual(['bob']);
    expect(ann.identity).toEqual({ user: 'ann', role: 'boss' });
    expect(core.sessions).toEqual(new Set([ann]));
    expect(await bob.handle('read', { topic: TASKS })).toMatchObject({ refused: { code: 'unreachable' } });
    tokens.set('a', { user: 'eve' });
    await core.recheck({ user: 'ann' });
    expect(closed).toEqual(['bob', 'ann']);
  });

  it('[PE15] is asked again once they have begun, where it was asked while they were let in', async () => {
    const { core, tokens, closed } = door();
    const admission = await core.admit({ ...handshake('ann'), token: 'a' }, { headers: {}, address: '' });
    tokens.delete('a');
    await core.recheck({ user: 'ann' });
    core.begin(admission, { send: () => undefined, close: () => void closed.push('ann') });
    await settle();
    expect([closed, core.sessions.size]).toEqual([['ann'], 0]);
  });

  it('[PE15] comes again where it cannot be told: whoever asked has their answer', async () => {
    const { core, tokens, closed, logged } = door();
    const admission = await core.admit({ ...handshake('ann'), token: 'a' }, { headers: {}, address: '' });
    await core.recheck({ user: 'ann' });
    tokens.set('a', 'broken');
    core.begin(admission, { send: () => undefined, close: () => void closed.push('ann') });
    await settle();
    expect([closed, core.sessions.size]).toEqual([['ann'], 0]);
    expect(logged).toContainEqual({ level: 'error', event: 'recheck-failed' });
  });

  it('[PE15] leaves no timer behind where they are gone by the time of the answer', async () => {
    const clock = new VirtualClock();
    const { core, tokens, connect } = door({ clock });
    tokens.set('a', { user: 'ann', until: clock.now() + 1_000 });
    const ann = await connect('ann', 'a');
    const asked = core.recheck({ user: 'ann' });
    await ann.end();
    await asked;
    expect(clock.next ?? Number.POSITIVE_INFINITY).toBeGreaterThan(1_000);
  });

  it('[PE6] stays where that cannot be told, and whoever asked hears of it', async () => {
    const { core, tokens, closed, connect, logged } = door();
    await connect('ann', 'a');
    tokens.set('a', 'broken');
    await expect(core.recheck({})).rejects.toThrow('Of 1 connections it could not be told');
    expect([closed, core.sessions.size]).toEqual([[], 1]);
    expect(logged).toContainEqual({ level: 'error', event: 'recheck-failed' });
  });

  it('[PE6] is hung up on when what they were let in by expires, and not let in with what has', async () => {
    const clock = new VirtualClock();
    const { core, tokens, closed, connect } = door({ clock });
    const hours = 3_600_000;
    tokens.set('a', { user: 'ann', until: clock.now() + 30 * hours });
    tokens.set('b', { user: 'bob', until: clock.now() + 2 * hours });
    await connect('ann', 'a');
    await connect('bob', 'b');
    await clock.advance(2 * hours - 1);
    expect(closed).toEqual([]);
    tokens.set('b', { user: 'bob', until: clock.now() + 40 * hours });
    await core.recheck({ user: 'bob' });
    await clock.advance(28 * hours);
    expect(closed).toEqual([]);
    await clock.advance(1);
    expect(closed).toEqual(['ann']);
    await expect(connect('ann', 'a')).rejects.toMatchObject({ code: 'unauthorized' });
    tokens.set('a', { user: 'ann', until: Number.NaN });
    await expect(connect('ann', 'a')).rejects.toMatchObject({ code: 'unauthorized' });
    await clock.advance(20 * hours);
    expect(closed).toEqual(['ann', 'bob']);
  });
});
