import { describe, expect, it } from 'vitest';
import { Refusal } from '../../src/server/resource/refusal.ts';
import { memoryStore } from '../../src/server/stores/memory-store.ts';
import { sqliteStore } from '../../src/server/stores/sqlite-store.ts';
import { FakePeer, sent } from './support/fake-peer.ts';
import { testCore } from './support/test-core.ts';

const batch = { id: 'b:1', size: 2 };
const pair = (from: number, size = 2) => [
  sent(`b:${from}`, { record: 'x', set: { n: 1 }, batch: { id: `b:${from}`, size } }),
  sent(`b:${from + 1}`, { record: 'y', set: { n: 2 }, batch: { id: `b:${from}`, size } }),
];

describe('a batch of writes that stand or fall together', () => {
  it('[BA2] is refused whole by what refuses one of it, for good, and names that one', async () => {
    const { core } = testCore();
    let asked = 0;
    core.resource('/tasks', { public: true }).create((ctx, next) => {
      asked++;
      if (ctx.set.n === 2) throw new Refusal('Not two');
      return next();
    });
    const peer = await FakePeer.connect(core);
    const receipts = await peer.push(...pair(1), sent('c:1', { record: 'z', set: {} }));
    expect(receipts).toMatchObject([
      { type: 'invalid', ids: ['b:1'], code: 'batch', details: { refused: 'b:2' } },
      { type: 'forbidden', ids: ['b:2'] },
      { type: 'applied', ids: ['c:1'] },
    ]);
    expect(await peer.record('x')).toBeNull();
    const before = asked;
    expect(await peer.push(...pair(1))).toEqual(receipts.slice(0, 2));
    expect(asked).toBe(before);
  });

  it('[BA2] is retried whole where one of it is to be retried, with what comes after it in its lanes', async () => {
    const { core } = testCore();
    let broken = true;
    core.resource('/tasks', { public: true }).create((ctx, next) => {
      if (broken && ctx.set.n === 2) throw new Error('Not now');
      return next();
    });
    const peer = await FakePeer.connect(core);
    const after = sent('c:1', { record: 'x', method: 'update', base: 'previous', set: { m: 3 } });
    expect(await peer.types(...pair(1), after)).toEqual(['retry', 'retry', 'retry']);
    expect(await peer.record('x')).toBeNull();
    broken = false;
    expect(await peer.types(...pair(1), after)).toEqual(['applied', 'applied', 'applied']);
    expect(await peer.record('x')).toEqual({ n: 1, m: 3 });
  });

  it('[BA12] is judged on what a conflict function makes of one of it, which is asked once', async () => {
    const { core } = testCore();
    let asked = 0;
    const seen = new Set<unknown>();
    const tasks = core.resource('/tasks', {
      authorize: (ctx) => seen.add(ctx.current?.n).size > 0 && ctx.current?.n !== 99,
      conflict: ({ theirs, yours }) => ({ n: Number(theirs.n) + Number(yours.n), asked: ++asked }),
    });
    const peer = await FakePeer.connect(core);
    await tasks.publish([
      { record: 'x', set: { n: 1 } },
      { record: 'x', set: { n: 5 } },
    ]);
    const update = { record: 'x', method: 'update', was: { n: 1 } };
    const two = (from: number, n: number) => [
      sent(`b:${from}`, { ...update, base: 1, set: { n }, batch: { id: `b:${from}`, size: 2 } }),
      sent(`b:${from + 1}`, {
        ...update,
        base: 'previous',
        set: { m: 3 },
        batch: { id: `b:${from}`, size: 2 },
      }),
    ];
    expect(await peer.types(...two(1, 10))).toEqual(['applied', 'applied']);
    expect([...seen]).toEqual([5, 15]);
    expect(await peer.record('x')).toEqual({ n: 15, m: 3, asked: 1 });
    expect(await peer.types(...two(3, 84))).toEqual(['invalid', 'forbidden']);
    expect(await peer.record('x')).toEqual({ n: 15, m: 3, asked: 1 });
  });

  it('[BA12] is merged again where somebody was there between the judgement and the commit', async () => {
    const { core } = testCore();
    const tasks = core.resource('/tasks', {
      public: true,
      conflict: ({ theirs, yours }) => ({ ...theirs, n: Number(theirs.n) + Number(yours.n) }),
    });
    await tasks.publish([
      { record: 'x', set: { n: 1 } },
      { record: 'x', set: { n: 5 } },
    ]);
    let isFree = true;
    tasks.create((_ctx, next) => {
      if (isFree) tasks.publish({ record: 'x', set: { n: 100 } });
      isFree = false;
      return next();
    });
    const peer = await FakePeer.connect(core);
    const update = sent('b:1', {
      record: 'x',
      method: 'update',
      base: 1,
      set: { n: 2 },
      was: { n: 1 },
      batch,
    });
    expect(await peer.types(update, sent('b:2', { record: 'y', batch }))).toEqual(['applied', 'applied']);
    expect(await peer.record('x')).toEqual({ n: 102 });
  });

  it('[BA2] is judged on what it leaves itself, and waits for what is before it in a lane', async () => {
    const { core } = testCore();
    core.resource('/tasks', { authorize: (ctx) => ctx.current?.locked !== true });
    const peer = await FakePeer.connect(core);
    const update = { record: 'x', method: 'update', base: 'previous' };
    const own = [
      sent('b:1', { record: 'x', set: { locked: true }, batch }),
      sent('b:2', { ...update, set: { n: 1 }, batch }),
    ];
    expect(await peer.types(...own)).toEqual(['invalid', 'forbidden']);
    const second = { id: 'd:1', size: 2 };
    const behind = [
      sent('c:1', { record: 'x', set: { locked: true } }),
      sent('d:1', { record: 'y', batch: second }),
      sent('d:2', { ...update, set: { n: 1 }, batch: second }),
    ];
    expect(await peer.types(...behind)).toEqual(['applied', 'invalid', 'forbidden']);
    expect(await peer.record('y')).toBeNull();
  });

  it('[BA1] is refused for good by the one that cannot be, whatever was made of it behind that', async () => {
    const { core } = testCore();
    core.resource('/tasks', { authorize: (ctx) => ctx.current?.locked !== true });
    const peer = await FakePeer.connect(core);
    const of = { record: 'gone', batch };
    const updates = [
      sent('b:1', { ...of, method: 'patch', base: 2, set: { n: 1 } }),
      sent('b:2', { ...of, method: 'update', base: 'previous', set: { n: 2 } }),
    ];
    expect(await peer.types(...updates)).toEqual(['gone', 'invalid']);
    expect(await peer.types(...updates)).toEqual(['gone', 'invalid']);
  });

  it('[BA2] has no effect once one of it was withdrawn', async () => {
    const { core } = testCore();
    core.resource('/tasks', { public: true });
    const peer = await FakePeer.connect(core);
    await peer.ask('withdraw', { user: '', ids: ['b:2'] });
    expect(await peer.types(...pair(1))).toEqual(['invalid', 'withdrawn']);
    expect(await peer.record('x')).toBeNull();
  });

  it('[BA3] is refused for good where it does not come whole, or one of it is malformed or folded', async () => {
    const { core } = testCore();
    core.resource('/tasks', { public: true });
    const peer = await FakePeer.connect(core);
    expect(await peer.push(...pair(1, 3))).toMatchObject([
      { type: 'invalid', code: 'bad-message', ids: ['b:1'] },
      { type: 'invalid', code: 'bad-message', ids: ['b:2'] },
    ]);
    const [first, second] = pair(3);
    const apart = [first, sent('c:1', { record: 'z', set: {} }), second];
    expect(await peer.types(...apart)).toEqual(['invalid', 'applied', 'invalid']);
    const [third, fourth] = pair(5);
    const folded = { ...fourth, also: ['b:7'] };
    expect(await peer.types(third, folded)).toEqual(['invalid', 'invalid']);
    expect(await peer.record('x')).toBeNull();
    expect(await peer.types(...pair(8))).toEqual(['applied', 'applied']);
  });

  it('[BA3] is refused for good where two of it have one id, over each store alike', async () => {
    for (const store of [memoryStore(), sqliteStore(':memory:')]) {
      const { core } = testCore({ store });
      core.resource('/tasks', { public: true });
      const peer = await FakePeer.connect(core);
      const [first, second] = pair(1);
      const alike = [first, { ...second, mutation: { ...second?.mutation, id: 'b:1' } }];
      const refused = { type: 'invalid', code: 'bad-message', ids: ['b:1'] };
      expect(await peer.push(...alike)).toMatchObject([refused, refused]);
      expect(await peer.push(...alike)).toMatchObject([refused, refused]);
      expect([await peer.record('x'), await peer.record('y')]).toEqual([null, null]);
      await core.close();
    }
  });

  it('[SV3] does once what comes twice in one push without a batch, by itself or folded, over each store alike', async () => {
    for (const store of [memoryStore(), sqliteStore(':memory:')]) {
      const { core } = testCore({ store });
      core.resource('/tasks', { public: true });
      const peer = await FakePeer.connect(core);
      const twice = [sent('a:1', { set: { n: 1 } }), sent('a:1', { record: 'y', set: { n: 2 } })];
      expect(await peer.types(...twice)).toEqual(['applied', 'duplicate']);
      const folded = [sent('a:2', { record: 'z' }, ['a:3', 'a:3']), sent('a:3', { record: 'y' })];
      expect(await peer.types(...folded)).toEqual(['applied', 'duplicate']);
      expect([await peer.record('x'), await peer.record('y')]).toEqual([{ n: 1 }, null]);
      const whole = ['b:1', 'b:2'].map((id) => sent(id, { record: id, batch }));
      const before = await peer.types(sent('b:2', { record: 'w' }), ...whole);
      expect(before).toEqual(['applied', 'invalid', 'duplicate']);
      expect([await peer.record('b:1'), await peer.record('b:2')]).toEqual([null, null]);
      await core.close();
    }
  });
});
