import type Backbone from 'backbone';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Refusal } from '../../src/server/resource/refusal.ts';
import { type TestOptions, type TestWorld, testMedulla } from '../../src/testing.ts';
import { freshBackbone } from '../support/fresh-backbone.ts';

type World = TestWorld<typeof Backbone>;
const OPEN = { '/tasks': { public: true } };

let world: World | undefined;
afterEach(async () => {
  vi.useRealTimers();
  await world?.close();
  world = undefined;
});

function open(options: TestOptions = {}, backbone = freshBackbone(), start = testMedulla) {
  const made = start(backbone, {
    resources: OPEN,
    records: { '/tasks': [{ id: 1, title: 'one' }] },
    ...options,
  });
  world = made;
  return { ...made, world: made, backbone, tasks: tasksOf(backbone) };
}

function tasksOf(backbone: typeof Backbone, properties: object = {}): Backbone.Collection {
  const Tasks = backbone.Collection.extend({ url: '/tasks', follow: true, ...properties });
  return new (Tasks as new () => Backbone.Collection)();
}

/** The statuses of what is asked with these options. */
function answers() {
  const list: number[] = [];
  const told = (_model: unknown, _answer: unknown, { xhr }: { xhr: { status: number } }) =>
    list.push(xhr.status);
  const failed = (_model: unknown, { status }: { status: number }) => list.push(status);
  return { list, options: { success: told, error: failed } as object };
}

describe('the world of an application’s tests', () => {
  it('[TE1] leaves nothing behind: no timer, no handle, Backbone as it was', async () => {
    const backbone = freshBackbone();
    const { sync } = backbone;
    const before = process.getActiveResourcesInfo();
    const { tasks, settle, close } = open({}, backbone);
    tasks.fetch();
    await settle();
    tasks.create({ title: 'two' });
    expect(backbone.sync).not.toBe(sync);
    await close();
    await close();
    expect(backbone.sync).toBe(sync);
    // What the test's runner has let go of meanwhile is its own affair.
    const left = process.getActiveResourcesInfo();
    for (const kind of before) if (left.includes(kind)) left.splice(left.indexOf(kind), 1);
    expect(left).toEqual([]);
  });

  it.each([
    ['afterwards', false],
    ['before it is loaded', true],
  ])('[TE1] does not mind false timers that are put in place %s', async (_when, first) => {
    if (first) vi.useFakeTimers();
    if (first) vi.resetModules();
    const { testMedulla: start } = await import('../../src/testing.ts');
    if (!first) vi.useFakeTimers();
    const { tasks, settle, server } = open({}, freshBackbone(), start);
    await tasks.fetch();
    tasks.create({ id: 2, title: 'two' });
    await settle();
    expect(await server.rows('/tasks')).toEqual([
      { id: 1, title: 'one' },
      { id: 2, title: 'two' },
    ]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('[TE1] goes the same way each time', async () => {
    const run = async () => {
      const said: unknown[] = [];
      const { tasks, settle, clock, close } = open({ debug: true, log: (...entry) => void said.push(entry) });
      tasks.create({ title: 'two' });
      await settle();
      await close();
      return [JSON.stringify(said), clock.now()];
    };
    expect(await run()).toEqual(await run());
  });

  it('[TE2] needs no time for what is answered at once', async () => {
    const { tasks, clock, backbone } = open();
    const now = clock.now();
    await tasks.fetch();
    await tasks.at(0)?.save({ title: 'changed' });
    expect(tasks.pluck('title')).toEqual(['changed']);
    expect(clock.now()).toBe(now);
    expect(new backbone.Model().isNew()).toBe(true);
  });

  it('[TE2] settles when messages have arrived and there is a connection, and not with what waits for its time', async () => {
    const { tasks, line, settle, clock, server, medulla } = open();
    line.delay = 700;
    await settle();
    expect(medulla.isOpen).toBe(true);
    tasks.create({ title: 'two' });
    await settle();
    expect(await server.rows('/tasks')).toHaveLength(2);
    line.delay = 0;
    server.use(() => new Promise(() => undefined));
    const { list, options } = answers();
    tasks.create({ title: 'three' }, options as never);
    const now = clock.now();
    await settle();
    expect([list, clock.now() - now]).toEqual([[], 200]);
    await clock.turn(3_000);
    expect(list).toEqual([202]);
  });

  it('[TE2] says when what the server is to have at the start cannot be', async () => {
    const { settle } = open({ records: { '/nowhere': [{ id: 1 }] } });
    await expect(settle()).rejects.toMatchObject({ code: 'unknown-resource' });
  });

  it('[TE3] loses with a cut what is on its way, and what was kept goes when the line is mended', async () => {
    const { tasks, line, settle, clock, server, medulla } = open();
    await tasks.fetch();
    line.delay = 100;
    tasks.at(0)?.save({ title: 'on its way' });
    await clock.turn(50);
    line.cut();
    await settle();
    expect([line.isCut, medulla.isOpen, medulla.status.get('pending')]).toEqual([true, false, 1]);
    expect(await server.rows('/tasks')).toEqual([{ id: 1, title: 'one' }]);
    line.mend();
    await settle();
    expect([medulla.isOpen, medulla.status.get('pending')]).toEqual([true, 0]);
    expect(await server.rows('/tasks')).toEqual([{ id: 1, title: 'on its way' }]);
  });

  it('[TE4] refuses writes, not reads, with a sentence or without, until it is ended', async () => {
    const { tasks, settle, server } = open();
    const end = server.refuse(
      ({ set }) => set.title === 'bad' || (set.title === 'worse' && 'Worse'),
      'invalid',
    );
    const told: unknown[] = [];
    tasks.on('error', (_model: unknown, { status, responseJSON }) =>
      told.push([status, responseJSON.message]),
    );
    await tasks.fetch();
    for (const title of ['bad', 'worse', 'good']) tasks.create({ title });
    await settle();
    expect(told).toEqual([
      [422, 'The test refuses this'],
      [422, 'Worse'],
    ]);
    end();
    tasks.create({ title: 'bad' });
    await settle();
    expect((await server.rows('/tasks')).map(({ title }) => title).sort()).toEqual(['bad', 'good', 'one']);
  });

  it('[TE4] takes a Refusal for one that another script of the package brings', async () => {
    const { tasks, settle, server } = open();
    const Foreign = {
      Refusal: class extends Error {
        override readonly name = 'Refusal';
        readonly code = 'invalid';
      },
    };
    server.use('create', ({ set }) => {
      throw set.title === 'own' ? new Refusal('Own') : new Foreign.Refusal('Foreign');
    });
    const { list, options } = answers();
    for (const title of ['own', 'foreign']) tasks.create({ title }, options as never);
    await settle();
    expect(list).toEqual([403, 422]);
  });

  it('[TE5] opens other tabs, on the same Backbone and on another', async () => {
    const { tasks, settle, tab, backbone } = open();
    await tasks.fetch();
    const { medulla } = tab(backbone);
    const same = tasksOf(backbone, { medulla, model: backbone.Model.extend({ medulla }) });
    const second = freshBackbone();
    const third = tab(second);
    const other = tasksOf(second);
    await Promise.all([same.fetch(), other.fetch()]);
    same.at(0)?.save({ title: 'by the second' });
    await settle();
    expect([tasks, other].map((all) => all.at(0)?.get('title'))).toEqual(['by the second', 'by the second']);
    await third.close();
    tasks.at(0)?.save({ title: 'by the first' });
    await settle();
    expect([same, other].map((all) => all.at(0)?.get('title'))).toEqual(['by the first', 'by the second']);
  });

  it('[TE5] gives another user a hub and a database of their own', async () => {
    const { tasks, settle, tab, line } = open({ user: 'ann' });
    await tasks.fetch();
    line.cut();
    const second = freshBackbone();
    const { medulla } = tab(second, { user: 'bob' });
    const theirs = tasksOf(second);
    const { list, options } = answers();
    theirs.fetch(options as never);
    await settle();
    expect([medulla.status.get('user'), list]).toEqual(['bob', [0]]);
  });

  it('[TE5] keeps what is on the disk over a reload', async () => {
    const made = open();
    const { line, settle, backbone, server } = made;
    await made.tasks.fetch();
    line.cut();
    made.tasks.create({ id: 2, title: 'kept' });
    await settle();
    const before = made.medulla;
    expect(await made.reload()).toBe(made.world.medulla);
    expect(made.world.medulla).not.toBe(before);
    const again = tasksOf(backbone);
    await again.fetch();
    expect(again.pluck('title')).toEqual(['one', 'kept']);
    line.mend();
    await settle();
    expect(await server.rows('/tasks')).toHaveLength(2);
  });

  it('[TE6] hands on what a callback threw, and resolves urls as it is told', async () => {
    const reported: unknown[] = [];
    const { tasks, settle } = open({
      report: (error) => reported.push(error),
      page: 'https://app.test/board/',
    });
    await tasks.fetch();
    tasks.on('sync', () => {
      throw new Error('mine');
    });
    tasks.url = 'https://app.test/tasks';
    tasks.fetch();
    await settle();
    expect(reported).toEqual([new Error('mine')]);
  });
});
