/** What the fuzzer found, each as small as it goes. */
import { describe, expect, it } from 'vitest';
import { Mismatch } from '../../src/base/shape.ts';
import type { Topic } from '../../src/protocol/ids.ts';
import { unpackLive } from '../../src/protocol/live.ts';
import { rebased } from '../../src/protocol/mutation.ts';
import type { Answers } from '../../src/protocol/server-down.ts';
import { Refusal } from '../../src/server/resource/refusal.ts';
import { sqliteStore } from '../../src/server/stores/sqlite-store.ts';
import { FakePeer, handshake, sent } from '../server/support/fake-peer.ts';
import { publicCore, testCore } from '../server/support/test-core.ts';
import { HubWorld } from '../support/hub-world.ts';
import { mutationOf } from '../support/mutations.ts';

/** `String` and a template throw at this. */
const UNSPEAKABLE = { toString: 1, valueOf: 1 };

describe('a name that is none', () => {
  it('[HI9] reads, pages and asks for nothing: no database gives it back, and one takes it for another', async () => {
    const { core, peer, logged } = await publicCore({ store: sqliteStore(':memory:') });
    await peer.push(sent('m:1', { record: '\ufffd', set: { title: 'Mine' } }));
    const cursor = (await peer.follow()) as unknown as { cursor: object };
    for (const bad of ['\ud800', 'a\0', 'x'.repeat(2_001)]) {
      const answers = [
        await peer.ask('read', { topic: '/tasks', record: bad }),
        await peer.ask('read', { topic: `/tasks${bad}` }),
        await peer.ask('page', { topic: '/tasks', at: cursor.cursor, after: bad }),
        await peer.ask('message', { content: 1, to: { topic: '/tasks', method: 'archive', record: bad } }),
        await peer.ask('withdraw', { user: '', ids: ['m:2', bad] }),
      ];
      expect(answers).toEqual(
        answers.map(() => ({
          refused: { code: 'bad-message', message: expect.stringMatching(/well-formed/) },
        })),
      );
    }
    expect(logged.filter(({ level }) => level === 'error')).toEqual([]);
    await core.close();
  });

  it('[HI9] is nobody: whoever says to be called so is not let in', async () => {
    const { core } = testCore();
    for (const user of ['\ud800', 'ann\0', 'x'.repeat(2_001)])
      await expect(FakePeer.connect(core, user)).rejects.toMatchObject({ code: 'bad-message' });
    const device = 'x'.repeat(2_001);
    const long = core.connect({ handshake: { ...handshake('ann'), device }, send: () => undefined });
    await expect(long).rejects.toMatchObject({ code: 'bad-message' });
  });

  it('[HI9] of a request is refused as such, where Socket.IO lets it be a number', async () => {
    const { peer, logged } = await publicCore();
    const message = 'There is no request of this name: 7';
    expect(await peer.ask(7 as never, {})).toEqual({ refused: { code: 'bad-message', message } });
    expect(logged.filter(({ level }) => level === 'error')).toEqual([]);
  });

  it('[HI9] of an attribute that every object has is an attribute like others', async () => {
    const refused = mutationOf({ base: 3, was: {} });
    const next = mutationOf({ n: 2, base: 'previous', unset: ['constructor', 'toString'] });
    expect(rebased(next, refused).was).toEqual({});
    const { peer } = await publicCore();
    await peer.push(sent('m:1', { set: { title: 'a' } }));
    const unset = ['constructor', 'toString', '__proto__'];
    const [receipt] = await peer.push(sent('m:2', { method: 'patch', unset, set: {}, base: 1 }));
    expect(receipt).toEqual({ type: 'applied', ids: ['m:2'], offset: 2 });
  });
});

describe('an id', () => {
  it('[HI10] that is named twice is answered once', async () => {
    const { core, peer, logged } = await publicCore({ store: sqliteStore(':memory:') });
    const withdrawn = await peer.ask('withdraw', { user: '', ids: ['m:1', 'm:2', 'm:1'] });
    expect(withdrawn).toMatchObject({ receipts: [{ type: 'withdrawn', ids: ['m:1', 'm:2'] }] });
    expect(await peer.push(sent('m:3', {}, ['m:4', 'm:3', 'm:4']))).toMatchObject([
      { type: 'applied', ids: ['m:3', 'm:4'] },
    ]);
    expect(await peer.push(sent('m:5', { set: null }, ['m:5']))).toMatchObject([
      { type: 'invalid', ids: ['m:5'] },
    ]);
    expect(logged.filter(({ level }) => level === 'error')).toEqual([]);
    await core.close();
  });

  it('[HI10] is withdrawn with thousands of others, a piece of them at a time', async () => {
    const { core, peer } = await publicCore({ limits: { batch: 100 } });
    const ids = Array.from({ length: 1_050 }, (_, n) => `m:${n}`);
    const { receipts } = (await peer.ask('withdraw', { user: '', ids })) as { receipts: { ids: string[] }[] };
    expect(receipts.map((one) => one.ids.length)).toEqual([...Array(10).fill(100), 50]);
    expect(receipts.flatMap((one) => one.ids)).toEqual(ids);
    await core.close();
  });
});

describe('a value that cannot be told as text', () => {
  it('[HI8] in the place of an author costs its own write its answer, and no other', async () => {
    const { peer, logged } = await publicCore();
    const writes = [sent('m:1', { user: UNSPEAKABLE }), sent('m:2')];
    const answer = await peer.ask('push', { user: 'another', mutations: writes });
    expect(answer).toMatchObject({ receipts: [{ type: 'unauthorized' }, { type: 'unauthorized' }] });
    expect(logged.filter(({ level }) => level === 'error')).toEqual([]);
  });

  it('[HI8] in the place of an offset is a mismatch', () => {
    expect(() => unpackLive('/tasks', [UNSPEAKABLE, 'mark'])).toThrow(Mismatch);
  });

  it('[HI8] in the place of an id of a write is dropped by the hub, which goes on', async () => {
    const world = new HubWorld();
    const tab = await world.tab('tab1');
    tab.port.post({ type: 'writes', writes: [{ mutation: { id: UNSPEAKABLE } }, { mutation: null }] });
    tab.write({ set: { title: 'Good' } });
    await world.settle();
    expect(tab.story(1)).toEqual(['settled applied']);
    expect(world.logged).not.toContain('inbox-failed');
  });
});

describe('one request for many topics', () => {
  const bytes = 20_000;

  it('[HI14] has an answer of a few pages, however many it asks for, and each of them goes on', async () => {
    const { core } = testCore({ page: { bytes } });
    core.resource('/many/:name', { public: true });
    const peer = await FakePeer.connect(core);
    const topics = Array.from({ length: 200 }, (_, n) => `/many/${n}` as Topic);
    const publications = Array.from({ length: 40 }, (_, record) => ({
      record,
      set: { text: 'x'.repeat(500) },
    }));
    for (const topic of topics) await core.publish(topic, publications);
    const wishes = topics.map((topic) => ({ topic, cursor: null, live: false }));
    const answer = (await peer.ask('follow', { topics: wishes })) as Answers['follow'];
    expect(JSON.stringify(answer).length).toBeLessThan(16 * bytes + topics.length * 700);
    for (const one of answer.topics) {
      if (one.type !== 'snapshot' || one.next === null) throw new Error('It does not go on');
      expect(one.rows.length).toBeGreaterThan(0);
    }
    const [alone] = ((await peer.ask('follow', { topics: wishes.slice(0, 1) })) as Answers['follow']).topics;
    expect(alone).toMatchObject({ type: 'snapshot', rows: { length: 40 }, next: null });
  });

  it('[HI14] answers each topic once, however often it is named', async () => {
    const { peer } = await publicCore();
    const wish = { topic: '/tasks', cursor: null, live: true };
    const answer = (await peer.ask('follow', { topics: Array(1_000).fill(wish) })) as Answers['follow'];
    expect(answer.topics.map(({ type, topic }) => [type, topic])).toEqual([['snapshot', '/tasks']]);
  });
});

describe('a record that its writer may not read', () => {
  const secret = { title: 'CANARY' };

  it('[HI13] is in no receipt: not of a create in its place, of a write that comes too late, nor when they are repeated or withdrawn', async () => {
    const { core } = testCore({ store: sqliteStore(':memory:') });
    const authorize = ({ method, user }: { method: string; user: string }) =>
      method !== 'read' || user === 'ann';
    const theirs = ({ theirs, yours }: { theirs: object; yours: object }) =>
      ({ ...yours, ...theirs }) as never;
    core.resource('/box', { authorize, conflict: 'reject' });
    core.resource('/merged', { authorize, conflict: theirs });
    core.resource('/told', { authorize }).use('patch', () => {
      throw new Refusal('It is another', { code: 'conflict' });
    });
    core.resource('/layered', { public: true, conflict: 'reject' }).use('read', ({ user }, next) => {
      if (user !== 'ann') throw new Refusal('Not for you');
      return next();
    });
    const ann = await FakePeer.connect(core, 'ann');
    const bob = await FakePeer.connect(core, 'bob');
    let n = 0;
    for (const topic of ['/box', '/merged', '/told', '/layered']) {
      await ann.push(sent(`a:${++n}`, { user: 'ann', topic, set: secret }));
      const mine = { user: 'bob', topic, set: { title: 'x' } };
      const update = { ...mine, method: 'patch', base: 7, was: { title: 'y' } };
      const writes = [sent(`b:${++n}`, mine), sent(`b:${++n}`, update)];
      const ids = writes.map(({ mutation }) => mutation.id);
      const told = [
        await bob.push(...writes),
        await bob.push(...writes),
        await bob.ask('withdraw', { user: 'bob', ids }),
      ];
      // Where nothing else conflicts there is only the create, in whose place a record is that is not shown.
      expect(JSON.stringify(told)).toMatch(topic === '/merged' ? /forbidden/ : /conflict/);
      expect(JSON.stringify(told)).not.toMatch(/CANARY/);
      const late = sent(`a:${++n}`, { user: 'ann', topic, set: { title: 'late' } });
      expect(JSON.stringify(await ann.push(late))).toMatch(/"attrs":/);
    }
    await core.close();
  });
});
