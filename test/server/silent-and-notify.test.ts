import { describe, expect, it } from 'vitest';
import { Refusal } from '../../src/server/resource/refusal.ts';
import { settle } from '../../src/testing/virtual-clock.ts';
import { FakePeer, sent, TASKS } from './support/fake-peer.ts';
import { testCore } from './support/test-core.ts';

/** An author and another, who both follow the tasks. */
async function two() {
  const { core } = testCore();
  const tasks = core.resource('/tasks', { public: true });
  const [author, other] = [await FakePeer.connect(core), await FakePeer.connect(core)];
  for (const peer of [author, other]) await peer.follow();
  const notes = () => other.heard.filter(({ name }) => name === 'message').map(({ event }) => event);
  return { core, tasks, author, other, notes };
}

describe('a silent write', () => {
  it('[SU5] is told to its author at once, and to others with the next change', async () => {
    const { tasks, author, other } = await two();
    tasks.create(async (ctx, next) => {
      if (ctx.set.quiet) ctx.silent();
      await next();
    });
    expect(await author.types(sent('t:1', { set: { quiet: true } }))).toEqual(['applied']);
    expect([author.changes.length, other.changes.length]).toEqual([1, 0]);
    await author.push(sent('t:2', { record: 'y', set: { loud: true } }));
    expect(other.changes).toMatchObject([{ from: 1, to: 2 }]);
    // That does not go on from where they are: they ask for what is missing.
    expect(await other.follow()).toMatchObject({
      rows: [
        ['x', 1, { quiet: true }],
        ['y', 2, { loud: true }],
      ],
    });
  });
});

describe('notify', () => {
  it('[SU5] tells the others of a write once, with the record’s id', async () => {
    const { tasks, author, notes } = await two();
    tasks.create(async (ctx, next) => {
      ctx.notify();
      await next();
    });
    const write = sent('t:1', { record: '~0198c0de-0000-7000-8000-000000000001', set: { title: 'a' } });
    expect(await author.types(write)).toEqual(['applied']);
    expect(await author.types(write)).toEqual(['duplicate']);
    expect(notes()).toEqual([
      { type: 'synced', content: { topic: '/tasks', method: 'create', model: { id: 1, title: 'a' } } },
    ]);
    expect(author.heard.filter(({ name }) => name === 'message')).toEqual([]);
  });

  it('[SU5] tells nobody of one that is refused, also after it said so', async () => {
    const { tasks, author, notes } = await two();
    tasks.use(async (ctx, next) => {
      ctx.notify('/tasks');
      await next();
      throw new Refusal('No');
    });
    expect(await author.types(sent('t:1'))).toEqual(['forbidden']);
    expect(notes()).toEqual([]);
  });
});

describe('the answer of a read', () => {
  it('[SU6] stands in the store’s place, and is what a follow begins with', async () => {
    const { core } = testCore();
    const tasks = core.resource('/tasks', { public: true });
    tasks.read(async (ctx, next) => {
      ctx.answer = ctx.record === null ? [{ id: 'x', from: 'elsewhere' }] : { id: ctx.record, one: true };
      await next();
    });
    const peer = await FakePeer.connect(core);
    await peer.push(sent('t:1', { set: { from: 'here' } }));
    expect(await peer.record('x')).toEqual({ one: true });
    expect(await peer.follow()).toMatchObject({
      type: 'snapshot',
      cursor: { offset: 1 },
      rows: [['x', 1, { from: 'elsewhere' }]],
      next: null,
    });
    await core.publish(TASKS, { record: 'x', set: { more: 1 } });
    await settle();
    expect(peer.changes.at(-1)).toMatchObject({ from: 1, to: 2 });
  });

  it('[SU6] hides no change that is made while it is given', async () => {
    const { core } = testCore();
    const tasks = core.resource('/tasks', { public: true });
    await tasks.publish({ record: 'x', set: { n: 1 } });
    tasks.read(async (ctx, next) => {
      await next();
      ctx.answer = [{ id: 'x', n: 1 }];
      await tasks.publish({ record: 'x', set: { a: 1 } });
      await tasks.publish({ record: 'x', set: { b: 1 } });
    });
    const peer = await FakePeer.connect(core);
    // A row is not newer than what it says: who has it would skip what was done before that.
    const rows = [['x', 1, { n: 1 }]];
    expect(await peer.follow()).toMatchObject({ cursor: { offset: 1 }, rows });
  });

  it('[SU6] is all that a user gets, of a page of the store and rendered by the server too; whoever gives it', async () => {
    const { core } = testCore();
    core.resource('/tasks', { public: true });
    await core.publish(TASKS, [{ record: 1 }, { record: 2, set: { secret: true } }]);
    core.common.use('read', async (ctx, next) => {
      if (ctx.user === 'ann') ctx.answer = [{ id: 1 }];
      await next();
    });
    const ann = await FakePeer.connect(core, 'ann');
    const followed = await ann.begin();
    const rows = [[1, 1, {}]];
    expect(followed).toMatchObject({ rows, next: null });
    const page = { topic: TASKS, at: followed.cursor, after: '' };
    expect(await ann.ask('page', page)).toEqual({ rows, next: null });
    expect(await core.snapshot(TASKS, ann.session)).toMatchObject({ cursor: { offset: 2 }, rows });
    const bob = await FakePeer.connect(core, 'bob');
    expect(await bob.ask('page', page)).toMatchObject({ rows: [{}, [2, 2, { secret: true }]] });
  });

  it('[SU6] may be given by authorize, too', async () => {
    const { core } = testCore();
    const authorize = (ctx: { answer: unknown }) => {
      ctx.answer = [{ id: 1 }];
      return true;
    };
    core.resource('/tasks', { authorize });
    await core.publish(TASKS, { record: 2, set: { secret: true } });
    const peer = await FakePeer.connect(core);
    const rows = [[1, 0, {}]];
    expect(await peer.ask('read', { topic: TASKS })).toMatchObject({ rows });
    expect(await peer.follow()).toMatchObject({ cursor: { offset: 1 }, rows });
    expect(await core.snapshot(TASKS, peer.session)).toMatchObject({ cursor: { offset: 1 }, rows });
  });

  it('[SU6] has an id in each record', async () => {
    const { core } = testCore();
    core.resource('/tasks', { public: true }).read(async (ctx, next) => {
      ctx.answer = [{ title: 'a' }];
      await next();
    });
    const peer = await FakePeer.connect(core);
    expect(await peer.ask('read', { topic: '/tasks' })).toMatchObject({ refused: { code: 'internal' } });
  });
});
