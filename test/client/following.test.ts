import { describe, expect, it, vi } from 'vitest';
import { settle } from '../../src/testing/virtual-clock.ts';
import type { Sighted } from './support/page.ts';
import { followed, openPage } from './support/page.ts';

const values = (...all: [number, Sighted | null][]) =>
  all.map(([record, attrs]) => ({
    topic: '/tasks' as never,
    record,
    version: 6,
    attrs,
    state: 'clean' as const,
  }));

describe('a followed collection', () => {
  it('[TB21] takes a batch as one set and at most one remove, with remote: true, and never a reset', async () => {
    const { hub, tasks } = await followed({ title: 'One' });
    hub.shows(2, { title: 'Two' });
    await settle();
    const set = vi.spyOn(tasks, 'set');
    const events: string[] = [];
    const remote = new Set<unknown>();
    tasks.on('all', (name: string, ...args: { remote?: boolean }[]) => {
      events.push(name);
      remote.add(args.at(-1)?.remote);
    });
    hub.tell({
      values: values([1, { title: 'Uno' }], [2, null], [3, { title: 'Three' }], [4, { title: 'Four' }]),
    });
    await settle();
    expect(set).toHaveBeenCalledTimes(1);
    expect(events).toEqual(['change:title', 'change', 'add', 'add', 'update', 'remove', 'update']);
    expect([...remote]).toEqual([true]);
    expect(tasks.pluck('title')).toEqual(['Uno', 'Three', 'Four']);
  });

  it.each([
    ['a name', 'n'],
    ['a function of one', (model: { get(name: string): number }) => model.get('n')],
    ['a function of two', (a: { get(name: string): number }, b: typeof a) => a.get('n') - b.get('n')],
  ])(
    '[TB21] is sorted where the order that its comparator asks for is off, and only then: %s',
    async (_kind, comparator) => {
      const { hub, tasks } = await followed({ n: 1 }, {}, { comparator });
      let sorts = 0;
      tasks.on('sort', () => sorts++);
      hub.shows(2, { n: 2 });
      hub.shows(1, { n: 1, title: 'x' }, 7);
      await settle();
      expect(sorts).toBe(0);
      hub.shows(3, { n: 0 });
      hub.shows(1, { n: 9 }, 8);
      await settle();
      expect([sorts, tasks.pluck('id')]).toEqual([2, [3, 2, 1]]);
    },
  );

  it('[TB22] finds its models by their ids as strings, whatever modelId makes of them, and never by a client id', async () => {
    const { hub, tasks, backbone } = await followed(
      { title: 'One' },
      {},
      { modelId: (attrs: { id: number }) => `task-${attrs.id}` },
    );
    hub.shows('1', { title: 'Uno' });
    await settle();
    expect(tasks.pluck('title')).toEqual(['Uno']);
    const other = new backbone.Collection([{ title: 'local' }]);
    expect(other.at(0).cid).toMatch(/^c\d+$/);
    hub.shows(tasks.at(0).cid, { title: 'Named like a client id' });
    await settle();
    expect(tasks.pluck('title')).toEqual(['Uno', 'Named like a client id']);
  });

  it('[TB22] puts the id under each side’s idAttribute', async () => {
    const { hub, tasks, model } = await followed({ title: 'One' }, { idAttribute: '_id' });
    expect(model.attributes).toEqual({ _id: 1, title: 'One' });
    model.save({ title: 'Uno' });
    await settle();
    expect(hub.mutation(0)).toMatchObject({ record: 1, set: { title: 'Uno' } });
    hub.shows(2, { title: 'Two' });
    await settle();
    expect(tasks.at(1).attributes).toEqual({ _id: 2, title: 'Two' });
  });

  it('[TB23] loses a model that was deleted elsewhere, unless it has edits: then it is told of the conflict', async () => {
    const { hub, tasks, model, medulla } = await followed({ title: 'One' });
    hub.shows(2, { title: 'Two' });
    await settle();
    model.set({ title: 'Edited' });
    const conflicts: { theirs: unknown; mine: unknown; resolve(): void; discard(): void }[] = [];
    tasks.on('medulla:conflict', (_model: unknown, conflict: (typeof conflicts)[0]) =>
      conflicts.push(conflict),
    );
    hub.tell({ values: values([1, null], [2, null]) });
    await settle();
    expect(tasks.models).toEqual([model]);
    expect(conflicts).toMatchObject([{ was: { title: 'One' }, mine: { title: 'Edited' }, theirs: null }]);
    expect(medulla.stateOf(model).state).toBe('conflict');
    conflicts[0]?.resolve();
    await settle();
    expect(hub.mutation(0)).toMatchObject({ method: 'create', record: 1, set: { title: 'Edited' } });
  });

  it('[TB23] loses a model with edits by their discard, or by a fetch that does not find it', async () => {
    const { hub, tasks, model } = await followed({ title: 'One' });
    model.set({ title: 'Edited' });
    let discard = () => undefined;
    model.on('medulla:conflict', (_model: unknown, conflict: { discard: typeof discard }) => {
      discard = conflict.discard;
    });
    hub.shows(1, null);
    await settle();
    discard();
    expect(tasks.length).toBe(0);
    hub.shows(2, { title: 'Two' });
    await settle();
    tasks.at(0).set({ title: 'Edited' });
    hub.shows(2, null, 7);
    await settle();
    tasks.at(0).fetch();
    await settle();
    hub.fail('not-found');
    await settle();
    expect(tasks.length).toBe(0);
  });

  it('[TB24] by class or by fetch is followed weakly and once; a topic is released with its last follower', async () => {
    const { hub, tasks, medulla, backbone } = await followed({ title: 'One' });
    tasks.fetch();
    const other = new (backbone.Collection.extend({ url: '/tasks' }))();
    other.fetch({ follow: true });
    await settle();
    expect(hub.of('follow')).toEqual([{ type: 'follow', topic: '/tasks' }]);
    medulla.release(tasks);
    expect(hub.of('release')).toEqual([]);
    medulla.unbind(other);
    medulla.unbind(other);
    await settle();
    expect(hub.of('release')).toEqual([{ type: 'release', topic: '/tasks' }]);
    hub.shows(1, { title: 'Unheard' });
    await settle();
    expect(tasks.at(0).get('title')).toBe('One');
  });

  it('[TB24] explicitly is loaded where nobody fetches it, and ends with release, a signal, or its view', async () => {
    const { hub, medulla, backbone } = await openPage();
    const tasks = new (backbone.Collection.extend({ url: '/tasks' }))();
    const ended = new AbortController();
    const view = { removed: 0, remove: () => ++view.removed };
    medulla.follow(tasks, { until: ended.signal }).follow(tasks, { until: view });
    await settle();
    expect(hub.of('read').map(({ cache }) => cache)).toEqual(['first', 'first']);
    hub.rows([[1, 1, { title: 'One' }]]);
    await settle();
    expect(tasks.pluck('title')).toEqual(['One']);
    ended.abort();
    view.remove();
    await settle();
    expect([view.removed, hub.of('release').length]).toEqual([1, 1]);
  });

  it('[TB24] ends with a view that is destroyed in the way of Marionette, which removes nothing', async () => {
    const { hub, medulla, backbone } = await openPage();
    const tasks = new (backbone.Collection.extend({ url: '/tasks' }))();
    const view = { ends: [] as unknown[], remove: () => view, destroy: (how: string) => view.ends.push(how) };
    medulla.follow(tasks, { until: view });
    await settle();
    view.destroy('now');
    await settle();
    expect([view.ends, hub.of('release').length]).toEqual([['now'], 1]);
  });

  it('[TB24] does not begin under a signal that is aborted already', async () => {
    const { hub, medulla, backbone } = await openPage();
    medulla.follow(new (backbone.Collection.extend({ url: '/tasks' }))(), { until: AbortSignal.abort() });
    await settle();
    expect([hub.of('follow'), hub.of('read')]).toEqual([[], []]);
  });

  it('[TB24] lets in only the kinds that are asked for, and tells the events that are asked for', async () => {
    const { hub, medulla, backbone } = await openPage();
    const tasks = new (backbone.Collection.extend({ url: '/tasks' }))();
    const told: unknown[] = [];
    tasks.on('renamed medulla:delete', (model: { id: number }) => told.push(model.id));
    medulla.follow(tasks, {
      only: ['create', 'delete'],
      events: { create: (model) => told.push((model as { id: number }).id), update: 'renamed', delete: true },
    });
    await settle();
    hub.tell({ values: values([1, { n: 1 }]) });
    hub.tell({ values: values([1, { n: 2 }]) });
    await settle();
    expect([tasks.pluck('n'), told]).toEqual([[1], [1]]);
    hub.tell({ values: values([1, null]) });
    await settle();
    expect([tasks.length, told]).toEqual([0, [1, 1]]);
  });
});

describe('a followed model', () => {
  it('[TB25] changes with its record, also before it has an id, and hears of its record’s end as a destroy', async () => {
    const { hub, medulla, backbone } = await openPage();
    const task = new (backbone.Model.extend({ urlRoot: '/tasks' }))({ title: 'One' });
    medulla.bind(task, { update: 'updated' });
    const told: string[] = [];
    task.on('updated destroy', () => told.push('told'));
    task.save();
    await settle();
    hub.applied(hub.mutation(0), 1);
    hub.shows(hub.mutation(0).record, { title: 'Uno' });
    await settle();
    expect([task.get('title'), told.length]).toEqual(['Uno', 1]);
    hub.shows(hub.mutation(0).record, null, 7);
    await settle();
    expect([told.length, hub.of('release').length]).toEqual([2, 1]);
  });

  it('[TB25] that has a url of its own is the one record of its topic', async () => {
    const { hub, medulla, backbone } = await openPage();
    const me = new (backbone.Model.extend({ url: '/me' }))();
    medulla.follow(me);
    await settle();
    expect(hub.of('read')).toMatchObject([{ topic: '/me', record: '.' }]);
    hub.rows([['.', 1, { name: 'Ada' }]]);
    await settle();
    expect(me.attributes).toEqual({ name: 'Ada' });
    me.save({ name: 'Augusta' });
    await settle();
    expect(hub.mutation(0)).toMatchObject({
      topic: '/me',
      record: '.',
      method: 'update',
      set: { name: 'Augusta' },
    });
  });
});
