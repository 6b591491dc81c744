import { describe, expect, it } from 'vitest';
import { memoryStore } from '../../../src/server.ts';
import { settle } from '../../../src/testing/virtual-clock.ts';
import { temporary } from '../id-contract.ts';
import { FakePeer, sent } from '../support/fake-peer.ts';
import { Ledger } from '../support/ledger.ts';
import { storeMethods } from '../support/store-methods.ts';
import { testCore } from '../support/test-core.ts';

const next = { base: 'previous' } as const;

async function world(ledger = new Ledger(), options: Parameters<typeof testCore>[0] = {}) {
  const { core, logged } = testCore(options);
  const tasks = core.resource('/tasks', { public: true, handlers: ledger.handlers });
  return { ledger, core, logged, tasks, peer: await FakePeer.connect(core) };
}

describe('a resource with handlers', () => {
  it('[PE1] is read from there, and a follow begins with that; the store is not asked', async () => {
    const { ledger, peer, core } = await world();
    ledger.put(1, { title: 'one' });
    ledger.put(2, { title: 'two' });
    expect(await peer.follow()).toMatchObject({
      type: 'snapshot',
      rows: [
        [1, 0, { title: 'one' }],
        [2, 0, { title: 'two' }],
      ],
      next: null,
    });
    expect(await peer.record(2)).toEqual({ title: 'two' });
    expect(await peer.record(3)).toBe(null);
    expect((await core.snapshot('/tasks' as never, peer.session)).rows.length).toBe(2);
  });

  it('[PE1] is judged on what is there, and not on what was told of it', async () => {
    const { core } = testCore();
    const ledger = new Ledger();
    ledger.put(1, { owner: 'ann' });
    core.resource('/tasks', {
      authorize: ({ current, user }) => current?.owner === user,
      handlers: ledger.handlers,
    });
    const [ann, bob] = [await FakePeer.connect(core, 'ann'), await FakePeer.connect(core, 'bob')];
    const patch = (id: string, user: string) =>
      sent(id, { user, record: 1, method: 'patch', set: { title: user }, base: 1 });
    expect(await bob.types(patch('b:1', 'bob'))).toEqual(['forbidden']);
    expect(await ann.types(patch('a:1', 'ann'))).toEqual(['applied']);
    expect(await bob.ask('read', { topic: '/tasks', record: 1 })).toMatchObject({
      refused: { code: 'forbidden' },
    });
    expect(ledger.records.get('1')).toEqual({ id: 1, owner: 'ann', title: 'ann', stamped: true });
  });

  it('[PE2] has its writes done there, and tells all who follow what is there afterwards', async () => {
    const { ledger, peer, core } = await world();
    ledger.put(1, { title: 'one', more: 1 });
    const other = await FakePeer.connect(core);
    await other.follow();
    const receipts = await peer.push(
      sent('a:1', { record: 1, method: 'patch', set: { title: 'ONE' }, unset: ['more'], base: 1 }),
      sent('a:2', { record: 1, method: 'patch', set: { done: true }, ...next }),
      sent('a:3', { record: 2, set: { title: 'two' } }),
      sent('a:4', { record: 1, method: 'delete', ...next }),
    );
    expect(receipts).toMatchObject([
      { type: 'applied', offset: 1, set: { stamped: true } },
      { type: 'applied', offset: 2, set: { title: 'ONE', stamped: true } },
      { type: 'applied', offset: 3 },
      { type: 'applied', offset: 4 },
    ]);
    expect(other.changes.flatMap(({ entries }) => entries)).toEqual([
      [1, 1, { title: 'ONE', stamped: true }, '*', ['a:1']],
      [1, 2, { title: 'ONE', stamped: true, done: true }, '*', ['a:2']],
      [2, 3, { title: 'two', stamped: true }, '*', ['a:3']],
      [1, 4, null, null, ['a:4']],
    ]);
  });

  it('[PE2] gives ids, and publishes whole records', async () => {
    const { ledger, peer, core, tasks } = await world();
    const ask = sent('a:1', { record: temporary(1), set: { title: 'new' } });
    expect(await peer.push(ask)).toMatchObject([{ type: 'applied', record: 101 }]);
    expect(ledger.records.get('101')).toMatchObject({ title: 'new' });
    const other = await FakePeer.connect(core);
    await other.follow();
    await tasks.publish({ record: 101, set: { title: 'by night' } });
    await tasks.publish({ record: 7, deleted: true });
    await settle();
    expect(other.changes.flatMap(({ entries }) => entries)).toEqual([
      [101, 2, { title: 'by night' }, '*'],
      [7, 3, null],
    ]);
  });

  it('[PE2] refuses where they refuse, have no handler, or what comes is a batch; anything else is tried again', async () => {
    const { ledger, peer, logged, core } = await world();
    core.resource('/fixed', { public: true, handlers: { read: () => [] } });
    const batch = { id: 'a:3', size: 2 };
    const receipts = await peer.push(
      sent('a:1', { record: 1, set: { title: 'no' } }),
      sent('a:2', { record: 2, set: { title: 'broken' } }),
      sent('a:3', { record: 3, batch }),
      sent('a:4', { record: 4, batch }),
      sent('a:5', { topic: '/fixed', record: 5 }),
      sent('a:6', { record: 6, set: { text: 'x'.repeat(300_000) } }),
    );
    expect(receipts.map((receipt) => [receipt.type, 'message' in receipt && receipt.message])).toEqual([
      ['invalid', 'Not that'],
      ['retry', 'The server could not do this now.'],
      ['invalid', '/tasks has handlers, which cannot do a batch as one.'],
      ['invalid', 'Nothing of this batch was applied, since one of its writes was refused.'],
      ['forbidden', 'Nobody can create in /fixed: its handlers have no create.'],
      ['invalid', expect.stringContaining('would be larger than 262144 bytes')],
    ]);
    expect([ledger.calls, ledger.records.size]).toEqual([2, 0]);
    expect(logged).toContainEqual({ level: 'error', event: 'judgement-failed' });
  });

  it('[PE2] says at once what it cannot be defined with', () => {
    const { core } = testCore();
    const { handlers } = new Ledger();
    const define = (options: object) => () => core.resource('/tasks', { ...options });
    expect(define({ handlers: { update: () => 1 } })).toThrow('takes as handlers.read a function');
    expect(define({ handlers: { ...handlers, updat: () => 1 } })).toThrow('did you mean update?');
    expect(define({ handlers, conflict: 'reject' })).toThrow('conflict is theirs to decide: leave it out');
  });
});

/** A store whose next commits are lost with the process that made them. */
function dying(times: number) {
  const store = memoryStore();
  const commit: typeof store.commit = async (writes, at) => {
    if (times-- > 0) throw new Error('The process died');
    return store.commit(writes, at);
  };
  return { ...storeMethods(store), commit };
}

it('[PE8] shows each what a filter lets them see of what handlers keep, and takes it away again', async () => {
  const { core } = testCore();
  const ledger = new Ledger();
  ledger.put(1, { owner: 'ann' });
  ledger.put(2, { owner: 'bob' });
  core.resource('/tasks', {
    public: true,
    handlers: ledger.handlers,
    filter: ({ owner }, { user }) => owner === user,
  });
  const [ann, bob] = [await FakePeer.connect(core, 'ann'), await FakePeer.connect(core, 'bob')];
  expect(await ann.follow()).toMatchObject({ rows: [[1, 0, { owner: 'ann' }]] });
  expect(await bob.follow()).toMatchObject({ rows: [[2, 0, { owner: 'bob' }]] });
  const patch = (id: string, user: string, set: object) =>
    sent(id, { user, record: 1, method: 'patch', set, base: 1 });
  expect(await bob.types(patch('b:1', 'bob', { n: 1 }))).toEqual(['gone']);
  expect(await ann.types(patch('a:1', 'ann', { owner: 'bob' }))).toEqual(['applied']);
  await settle();
  expect(ann.changes.flatMap(({ entries }) => entries)).toEqual([[1, 1, null, null, ['a:1']]]);
  expect(bob.changes.flatMap(({ entries }) => entries)).toEqual([
    [1, 1, { owner: 'bob', stamped: true }, '*', ['a:1']],
  ]);
  expect([ledger.calls, await ann.record(1), await bob.record(1)]).toEqual([
    1,
    null,
    { owner: 'bob', stamped: true },
  ]);
});

describe('what handlers promise', () => {
  it.each([
    { what: 'once, where their ids are noted', keeps: true, effects: 1 },
    { what: 'at least once, where they are not', keeps: false, effects: 2 },
  ])('[PE3] a write whose receipt was lost is done $what', async ({ keeps, effects }) => {
    const { ledger, peer } = await world(new Ledger({ keeps }), { store: dying(1) });
    const ask = sent('a:1', { record: temporary(1), set: { title: 'new' } });
    expect(await peer.types(ask)).toEqual(['retry']);
    expect(await peer.types(ask)).toEqual(['applied']);
    expect(await peer.types(ask)).toEqual(['duplicate']);
    expect(ledger.effects).toEqual(new Map([[' a:1', effects]]));
    expect([ledger.calls, ledger.records.size]).toEqual([2, effects]);
  });
});
