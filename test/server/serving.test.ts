import type Backbone from 'backbone';
import { describe, expect, it } from 'vitest';
import { memoryStore } from '../../src/server/stores/memory-store.ts';
import { settle } from '../../src/testing/virtual-clock.ts';
import { backbone, start, world } from './support/served-world.ts';

describe('what a served collection begins with', () => {
  it('[MO4] is what the store has, before what the collection has, which is added to it', async () => {
    const { tasks, serving, rows } = await world([{ id: 1, title: 'Theirs' }, { id: 3 }], {}, [
      { id: 1, title: 'Mine', extra: 1 },
      { id: 2, title: 'Only here' },
      { title: 'Without an id' },
    ]);
    await serving.ready;
    const titles = ['Theirs', 'Only here', 'Without an id', undefined];
    expect(tasks.map((task) => task.get('title'))).toEqual(titles);
    expect(tasks.get(1).attributes).toEqual({ id: 1, title: 'Theirs' });
    expect((await rows()).map(({ title }) => title).sort()).toEqual(titles.sort());
  });

  it('[MO4] is no reason to write defaults, or what a parse makes, into the store', async () => {
    const model = backbone.Model.extend({
      defaults: { done: false },
      parse: ({ since, ...rest }: { since?: number }) => ({ ...rest, since: new Date(since ?? 0) }),
      toJSON(this: Backbone.Model) {
        return { ...this.attributes, since: this.get('since').getTime() };
      },
    });
    const { tasks, serving, rows } = await world([{ id: 1, since: 5 }], { model });
    await serving.settled();
    expect(tasks.get(1).attributes).toEqual({ id: 1, since: new Date(5), done: false });
    expect(await rows()).toEqual([{ id: 1, since: 5 }]);
    tasks.get(1).set({ since: new Date(6) });
    await serving.settled();
    expect(await rows()).toEqual([{ id: 1, since: 6 }]);
  });

  it('[MO4] includes what is committed while it is read', async () => {
    const { tasks, serving, server } = await world([{ id: 1, n: 1 }]);
    server.publish('/tasks', [
      { record: 1, set: { n: 2 } },
      { record: 2, set: { n: 1 } },
    ]);
    await serving.ready;
    await settle();
    expect(tasks.toJSON()).toEqual([
      { id: 1, n: 2 },
      { id: 2, n: 1 },
    ]);
  });
});

describe('what a served collection tells', () => {
  it('[MO5] is one publication a turn, of all that is changed in it', async () => {
    const { tasks, serving, server } = await world([{ id: 1 }]);
    await serving.ready;
    const before = await server.publish('/tasks', []);
    tasks.get(1).set({ a: 1 });
    tasks.add({ id: 2 });
    tasks.get(1).set({ b: 1 });
    tasks.add({ id: 3 });
    tasks.remove(tasks.get(3));
    await serving.settled();
    expect(await server.publish('/tasks', [])).toBe(before + 2);
  });

  it('[MO5] keeps what is changed here while the store is at it, attribute by attribute', async () => {
    const { tasks, serving, server, rows } = await world([{ id: 1, mine: 0, theirs: 0 }]);
    await serving.ready;
    const theirs = server.publish('/tasks', { record: 1, set: { mine: 9, theirs: 9 } });
    tasks.get(1).set({ mine: 1 });
    await theirs;
    expect(tasks.get(1).attributes).toEqual({ id: 1, mine: 1, theirs: 9 });
    tasks.get(1).set({ mine: 2 });
    await serving.settled();
    expect(await rows()).toEqual([{ id: 1, mine: 2, theirs: 9 }]);
    expect(tasks.toJSON()).toEqual(await rows());
  });

  it('[MO5] makes no record of what is changed in one that is being deleted', async () => {
    const { tasks, serving, server, rows } = await world([{ id: 1, n: 1, title: 'One' }]);
    await serving.ready;
    const gone = server.publish('/tasks', { record: 1, deleted: true });
    tasks.get(1).set({ n: 2 });
    await gone;
    await serving.settled();
    expect([tasks.length, await rows()]).toEqual([0, []]);
  });

  it('[MO5] is taken back where no store could take it, and told by an error; the rest is not', async () => {
    const { tasks, serving, rows, logged } = await world(
      [
        { id: 1, n: 1 },
        { id: 2, n: 1 },
      ],
      {},
      [],
      { record: 50 },
    );
    await serving.ready;
    const errors: unknown[] = [];
    tasks.on('error', (model: Backbone.Model, error: { code: string }) =>
      errors.push([model.id, error.code]),
    );
    const round: Record<string, unknown> = {};
    round.round = round;
    tasks.get(1).set({ n: 2, round });
    tasks.get(2).set({ n: 2, text: 'x'.repeat(60) });
    tasks.add([
      { id: 3, text: 'x'.repeat(60) },
      { id: 4, n: 4 },
    ]);
    await serving.settled();
    expect(errors).toEqual([
      [1, 'bad-attribute'],
      [2, 'too-large'],
      [3, 'too-large'],
    ]);
    expect(tasks.toJSON()).toEqual([
      { id: 1, n: 1 },
      { id: 2, n: 1 },
      { id: 4, n: 4 },
    ]);
    expect(await rows()).toEqual(tasks.toJSON());
    expect(logged).toContain('taken-back');
  });

  it('[MO5] is told again where the store could not take it now', async () => {
    const { tasks, serving, rows, store, clock, logged } = await world([{ id: 1, n: 1 }]);
    await serving.ready;
    const { commit } = store;
    store.commit = async () => {
      throw new Error('The disk is full');
    };
    tasks.get(1).set({ n: 2 });
    await settle();
    expect([logged.includes('not-published'), tasks.get(1).get('n')]).toEqual([true, 2]);
    store.commit = commit;
    tasks.get(1).set({ n: 3 });
    await clock.advance(1_000);
    await serving.settled();
    expect(await rows()).toEqual([{ id: 1, n: 3 }]);
  });

  it('[MO5] goes on where a listener throws, and ends with stop', async () => {
    const { tasks, serving, server, rows, logged } = await world([{ id: 1, n: 1 }]);
    await serving.ready;
    tasks.once('change', () => {
      throw new Error('A listener of the application');
    });
    await server.publish('/tasks', [
      { record: 1, set: { n: 2 } },
      { record: 2, set: {} },
    ]);
    expect([logged.includes('listener-failed'), tasks.get(1).get('n'), tasks.length]).toEqual([true, 2, 2]);
    serving.stop();
    serving.stop();
    tasks.get(1).set({ n: 5 });
    await server.publish('/tasks', { record: 3, set: {} });
    await serving.settled();
    expect([tasks.length, (await rows()).find(({ id }) => id === 1)?.n]).toEqual([2, 2]);
  });

  it.each([
    [{}, /takes a Backbone collection/],
    [new backbone.Collection(), /a collection with a url/],
    [Object.assign(new backbone.Collection(), { url: '/projects/:project/tasks' }), /of one topic/],
    [Object.assign(new backbone.Collection(), { url: 'tasks' }), /begin with/],
  ])('[MO4] is nothing where it is none that can be: case %#', (target, problem) => {
    const { server } = start(memoryStore());
    expect(() => server.serve(target as never)).toThrow(problem);
  });
});
