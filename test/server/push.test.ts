import { describe, expect, it } from 'vitest';
import type { MutationId } from '../../src/protocol/ids.ts';
import { Refusal } from '../../src/server/resource/refusal.ts';
import { memoryStore } from '../../src/server/stores/memory-store.ts';
import { FakePeer, sent, TASKS } from './support/fake-peer.ts';
import { storeMethods } from './support/store-methods.ts';
import { testCore } from './support/test-core.ts';

const update = { method: 'update', base: 'previous' } as const;

describe('a push', () => {
  it('[SV3] is answered with a receipt for each mutation, in order, and the number of the newest receipt', async () => {
    const { core } = testCore();
    core.resource('/tasks', { public: true });
    const peer = await FakePeer.connect(core);
    const mutations = [sent('a:1', { set: { n: 1 } }), sent('a:2', { ...update, set: { n: 2 } }, ['a:3'])];
    expect(await peer.ask('push', { user: '', mutations })).toEqual({
      receipts: [
        { type: 'applied', ids: ['a:1'], offset: 1 },
        { type: 'applied', ids: ['a:2', 'a:3'], offset: 2 },
      ],
      number: 3,
    });
  });

  it('[SV3] that is repeated gets the first answer, and nobody is asked again', async () => {
    const { core } = testCore();
    let asked = 0;
    core.resource('/tasks', { authorize: () => ++asked === 1 });
    const peer = await FakePeer.connect(core);
    expect(await peer.types(sent('a:1'))).toEqual(['applied']);
    const again = await FakePeer.connect(core);
    expect(await again.push(sent('a:1'))).toEqual([{ type: 'duplicate', ids: ['a:1'], offset: 1 }]);
    const refusal = await again.push(sent('a:2', update));
    expect(refusal).toMatchObject([
      { type: 'forbidden', ids: ['a:2'], message: 'You may not update x in /tasks.' },
    ]);
    expect(await peer.push(sent('a:2', update))).toEqual(refusal);
    expect(asked).toBe(2);
  });

  it('[SV3] that two connections make at once has its effect once', async () => {
    const { core } = testCore();
    core.resource('/tasks', { authorize: async () => true });
    const peers = await Promise.all([FakePeer.connect(core), FakePeer.connect(core)]);
    const types = await Promise.all(peers.map((peer) => peer.types(sent('a:1'), sent('a:2', update))));
    expect(types).toEqual([
      ['applied', 'applied'],
      ['duplicate', 'duplicate'],
    ]);
  });

  it('[SV4] of another user than the connection gets unauthorized, and nothing is done', async () => {
    const { core } = testCore();
    core.resource('/tasks', { public: true });
    const ann = await FakePeer.connect(core, 'ann');
    const push = { user: 'bob', mutations: [sent('a:1', { user: 'bob' }), sent('a:2', { user: 'ann' })] };
    expect(await ann.ask('push', push)).toMatchObject({
      receipts: [
        { type: 'unauthorized', ids: ['a:1'] },
        { type: 'unauthorized', ids: ['a:2'] },
      ],
    });
    expect(await ann.record('x')).toBe(null);
  });

  it("[SV4] that holds another user's mutation does the others, but not the rest of its lane", async () => {
    const { core } = testCore();
    core.resource('/tasks', { public: true });
    const ann = await FakePeer.connect(core, 'ann');
    const own = { user: 'ann' };
    const types = await ann.types(
      sent('a:1', own),
      sent('a:2', { ...update, user: 'bob' }),
      sent('a:3', { ...update, ...own }),
      sent('a:4', { ...own, record: 'y' }),
    );
    expect(types).toEqual(['applied', 'unauthorized', 'retry', 'applied']);
  });

  it('[SV6] answers retry where the application fails, to the rest of the lane too, and does the others', async () => {
    const { core, logged } = testCore();
    let isBroken = true;
    core.resource('/tasks', { public: true }).use((ctx, next) => {
      if (isBroken && ctx.record === 'x' && ctx.ids.includes('a:2' as MutationId))
        throw new TypeError('broken');
      return next();
    });
    const peer = await FakePeer.connect(core);
    const batch = [
      sent('a:1', { set: { n: 1 } }),
      sent('a:2', { ...update, set: { n: 2 } }),
      sent('a:3', { ...update, set: { n: 3 } }),
      sent('a:4', { record: 'y' }),
    ];
    expect(await peer.types(...batch)).toEqual(['applied', 'retry', 'retry', 'applied']);
    expect(logged.map(({ event }) => event)).toContain('judgement-failed');
    isBroken = false;
    expect(await peer.types(...batch)).toEqual(['duplicate', 'applied', 'applied', 'duplicate']);
    expect(await peer.record('x')).toEqual({ n: 3 });
  });

  it('[SV6] answers retry where the store fails, and says so in the log', async () => {
    const store = memoryStore();
    const { core, logged } = testCore({
      store: { ...storeMethods(store), commit: () => Promise.reject(new Error('full')) },
    });
    core.resource('/tasks', { public: true });
    const peer = await FakePeer.connect(core);
    expect(await peer.push(sent('a:1'))).toMatchObject([{ type: 'retry', after: 1_000 }]);
    expect(logged).toContainEqual({ level: 'error', event: 'push-failed' });
  });

  it('[SV9] refuses a mutation that does not parse by itself, for good', async () => {
    const { core } = testCore();
    core.resource('/tasks', { public: true });
    const peer = await FakePeer.connect(core);
    const evil = JSON.parse('{"__proto__": {"admin": true}}');
    const batch = [
      sent('a:1', { set: evil }),
      sent('a:2', { record: 'y', method: 'explode' }),
      sent('a:3', { record: '\ud800' }),
      { mutation: null },
      sent('a:4', { record: 'z' }),
    ];
    expect(await peer.push(...batch)).toMatchObject([
      { type: 'invalid', code: 'bad-attribute', ids: ['a:1'], message: expect.stringContaining('__proto__') },
      {
        type: 'invalid',
        code: 'bad-message',
        ids: ['a:2'],
        message: expect.stringContaining('mutation.method'),
      },
      { type: 'invalid', code: 'bad-message', ids: ['a:3'] },
      { type: 'applied', ids: ['a:4'] },
    ]);
    expect(await peer.types(sent('a:1', { set: { n: 1 } }))).toEqual(['invalid']);
  });

  it('[SV9] takes no binary parts for attributes', async () => {
    const { core } = testCore();
    core.resource('/tasks', { public: true });
    const peer = await FakePeer.connect(core);
    const answer = await peer.session.handle('push', {
      user: '',
      mutations: [sent('a:1', { set: { n: Buffer.from('x') } })],
    });
    expect(answer).toMatchObject({ receipts: [{ type: 'invalid', code: 'bad-attribute' }] });
  });

  it('[SV10] refuses a record that is too large, and a push of too many mutations', async () => {
    const { core } = testCore({ limits: { record: 50, batch: 2 } });
    core.resource('/tasks', { public: true });
    const peer = await FakePeer.connect(core);
    const large = sent('a:1', { set: { text: 'x'.repeat(60) } });
    expect(await peer.push(large, sent('a:2'))).toMatchObject([
      { type: 'invalid', code: 'too-large' },
      { type: 'applied' },
    ]);
    const many = [sent('a:3'), sent('a:4'), sent('a:5')];
    expect(await peer.ask('push', { user: '', mutations: many })).toMatchObject({
      refused: { code: 'too-large' },
    });
  });
});

describe('a withdrawal', () => {
  const withdraw = { user: '', ids: ['a:1', 'a:2'] };

  it('[SV15] keeps what has no receipt from ever being applied, and tells the receipt of what has one', async () => {
    const { core } = testCore();
    core.resource('/tasks', { public: true });
    const peer = await FakePeer.connect(core);
    await peer.push(sent('a:1'));
    const answer = {
      receipts: [
        { type: 'duplicate', ids: ['a:1'], offset: 1 },
        { type: 'withdrawn', ids: ['a:2'] },
      ],
    };
    expect(await peer.ask('withdraw', withdraw)).toMatchObject(answer);
    expect(await peer.types(sent('a:2', update))).toEqual(['withdrawn']);
    expect(await peer.ask('withdraw', { ...withdraw, user: 'bob' })).toMatchObject({
      receipts: [{ type: 'unauthorized', ids: ['a:1', 'a:2'] }],
    });
  });
});

describe('a Refusal', () => {
  it('[SV5] becomes the receipt of its code, with message and details', async () => {
    const { core } = testCore();
    core.resource('/tasks', { public: true }).use((ctx, next) => {
      const code = ctx.attrs?.code;
      const isShown = ctx.method === 'read' && ctx.record !== null;
      if (code === 'fine' || isShown) return next();
      throw new Refusal('No.', { code: code as Refusal['code'], details: { why: 1 } });
    });
    const peer = await FakePeer.connect(core);
    await peer.push(sent('a:0', { set: { code: 'fine' } }));
    const refusals = ['forbidden', 'invalid', 'gone', 'conflict'];
    for (const [n, code] of refusals.entries()) {
      const [receipt] = await peer.push(sent(`b:${n}`, { ...update, set: { code } }));
      expect(receipt).toMatchObject({ type: code, code, message: 'No.', details: { why: 1 } });
      if (code === 'conflict')
        expect(receipt).toMatchObject({ current: { version: 1, attrs: { code: 'fine' } } });
    }
    expect(await peer.follow(TASKS)).toMatchObject({ type: 'denied', code: 'forbidden' });
  });
});
