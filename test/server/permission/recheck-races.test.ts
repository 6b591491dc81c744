import { describe, expect, it } from 'vitest';
import { type Identity, memoryStore } from '../../../src/server.ts';
import { settle, VirtualClock } from '../../../src/testing/virtual-clock.ts';
import { deferred } from '../../support/deferred.ts';
import { twoNodes } from '../support/fake-broker.ts';
import { FakePeer, handshake, TASKS } from '../support/fake-peer.ts';
import { testCore } from '../support/test-core.ts';
import { BOTH, filtered } from './filtered.ts';

/** Two nodes, of which the second knows who somebody is by `identities`: by default who they say they are. */
async function withOthers() {
  const clock = new VirtualClock();
  const identities = new Map<string, Identity>();
  const asked: string[] = [];
  const { here, there } = await twoNodes(memoryStore(), clock, {
    async authenticate({ user }) {
      asked.push(user);
      const identity = identities.has(user) ? identities.get(user) : user;
      if (identity === 'broken') throw new Error('No database');
      return identity;
    },
  });
  for (const one of [here, there]) for (const session of one.sessions) await session.hangUp();
  return { here, there, clock, identities, asked };
}

describe('what is asked again while other things are under way', () => {
  it('[PE6] begins anew also where the store fails at the first try', async () => {
    const store = memoryStore();
    const { core, seen, ann, cursor } = await filtered({ store });
    seen.add(2);
    await core.recheck({ topic: TASKS });
    const { page } = store;
    store.page = () => Promise.reject(new Error('down'));
    const asked = { topics: [{ topic: TASKS, cursor, live: true }] };
    expect(await ann.ask('follow', asked)).toMatchObject({ refused: { code: 'retry' } });
    store.page = page;
    expect(await ann.follow(TASKS, cursor)).toMatchObject({ type: 'snapshot', rows: BOTH });
    expect((await ann.follow(TASKS, cursor)).type).toBe('changes');
  });

  it('[PE15] is asked until it can be told, where another node wants to know', async () => {
    const { here, there, clock, identities } = await withOthers();
    await FakePeer.connect(there, 'ann');
    identities.set('ann', 'broken');
    await here.recheck({ user: 'ann' });
    await clock.advance(4_000);
    expect(there.sessions.size).toBe(1);
    identities.set('ann', null);
    await clock.advance(4_000);
    expect(there.sessions.size).toBe(0);
  });

  it('[PE15] is asked again of nobody else, and of nobody more often the more there was to ask', async () => {
    const { here, there, clock, identities, asked } = await withOthers();
    there.resource('/notes', { public: true, filter: () => true });
    const [ann] = [await FakePeer.connect(there, 'ann'), await FakePeer.connect(there, 'bob')];
    identities.set('bob', 'broken');
    for (let n = 0; n < 10; n++) await here.recheck({});
    await settle();
    await ann.follow();
    asked.length = 0;
    await clock.advance(9_500);
    expect(asked).toEqual(['bob', 'bob', 'bob']);
    expect([...ann.session.topics]).toEqual([TASKS]);
  });

  it('[PE15] waits for nobody who does not read, and ends what they follow', async () => {
    const { core } = testCore();
    let isOpen = true;
    const gate = deferred<void>();
    let room: Promise<void> | null = null;
    core.resource('/tasks', { authorize: () => isOpen });
    const heard: string[] = [];
    const ann = await core.connect({
      handshake: handshake('ann'),
      send: (name) => void heard.push(name),
      room: () => room,
    });
    const follow = () => ann.handle('follow', { topics: [{ topic: TASKS, cursor: null, live: true }] });
    await follow();
    room = gate.promise;
    const asked = [follow(), ann.handle('release', { topic: TASKS }), follow()];
    isOpen = false;
    await core.recheck({ topic: TASKS });
    expect([heard, ann.topics.size]).toEqual([['welcome', 'denied'], 0]);
    isOpen = true;
    gate.resolve();
    await Promise.all(asked);
    // A release overtakes no follow, and no follow a release.
    expect([...ann.topics]).toEqual([TASKS]);
  });

  it('[PE15] is whom the last answer names, however long one before it takes', async () => {
    const answers: ((identity: Identity) => void)[] = [];
    const { core } = testCore({
      authenticate: () => new Promise<Identity>((resolve) => void answers.push(resolve)),
    });
    const connecting = FakePeer.connect(core, 'ann');
    await settle();
    answers[0]?.({ user: 'ann' });
    const ann = await connecting;
    const asked = [core.recheck({ user: 'ann' }), core.recheck({ user: 'ann' })];
    await settle();
    const role = (name: string) => ({ user: 'ann', role: name }) as Identity;
    answers[2]?.(role('clerk'));
    await settle();
    answers[1]?.(role('boss'));
    await Promise.all(asked);
    expect(ann.session.identity).toEqual(role('clerk'));
  });
});
