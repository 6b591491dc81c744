import { describe, expect, it } from 'vitest';
import { settle } from '../../src/testing/virtual-clock.ts';
import { requestOf } from './support/backbone-request.ts';
import { followed, openPage } from './support/page.ts';

describe('a create', () => {
  it('[TB1] is handed over with an id of its own, and answered with 201 when the server has applied it', async () => {
    const { backbone, hub } = await openPage();
    const task = new (backbone.Model.extend({ urlRoot: '/tasks' }))({ title: 'One' });
    const seen: unknown[] = [];
    task.on('change:id', () => seen.push('id'));
    task.on('request', () => seen.push(['request', task.id]));
    const request = requestOf(task.save());
    await settle();
    const [mutation] = hub.mutations;
    expect(mutation).toMatchObject({ topic: '/tasks', method: 'create', set: { title: 'One' }, base: null });
    expect(mutation?.record).toBe(task.id);
    expect(String(task.id)).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(seen).toEqual(['id', ['request', task.id]]);
    hub.applied(hub.mutation(0), 1, { set: { made: 'by server' } });
    expect(await request).toEqual({ id: task.id, title: 'One', made: 'by server' });
    expect(request.status).toBe(201);
    expect(task.get('made')).toBe('by server');
  });

  it('[TB1] with wait gets its id with the answer, and two saves make one record', async () => {
    const { backbone, hub } = await openPage();
    const task = new (backbone.Model.extend({ urlRoot: '/tasks' }))();
    task.save({ title: 'One' }, { wait: true });
    task.save({ title: 'Two' }, { wait: true });
    await settle();
    expect(task.isNew()).toBe(true);
    expect(hub.mutations.map(({ method }) => method)).toEqual(['create', 'update']);
    expect(hub.mutation(1).record).toBe(hub.mutation(0).record);
    hub.applied(hub.mutation(0), 1);
    await settle();
    expect(task.id).toBe(hub.mutation(0).record);
    expect(task.get('title')).toBe('One');
    hub.applied(hub.mutation(1), 2);
    await settle();
    expect(task.get('title')).toBe('Two');
  });

  it('[TB1] that is on its way without an id is taken back by the destroy of its model', async () => {
    const { backbone, hub } = await openPage();
    const tasks = new (backbone.Collection.extend({ url: '/tasks' }))();
    let failed = 0;
    const task = tasks.create({ title: 'One' }, { wait: true, error: () => failed++ });
    await settle();
    task.destroy();
    await settle();
    expect(hub.mutations.map(({ method }) => method)).toEqual(['create', 'delete']);
    expect(hub.mutation(1).record).toBe(hub.mutation(0).record);
    hub.applied(hub.mutation(0), 1);
    hub.applied(hub.mutation(1), 2);
    await settle();
    expect([failed, tasks.length]).toEqual([1, 0]);
  });

  it('[TB1] of a model with an id of its own goes as an update without a base', async () => {
    const { backbone, hub } = await openPage();
    const tasks = new (backbone.Collection.extend({ url: '/tasks' }))();
    tasks.create({ id: 7, title: 'One' });
    await settle();
    expect(hub.mutation(0)).toMatchObject({ method: 'update', record: 7, set: { title: 'One' }, base: null });
  });
});

describe('an update', () => {
  it('[TB2] carries what differs from what was seen, its base and the old values', async () => {
    const { hub, model } = await followed({ title: 'Old', note: 'x', tags: ['a'] });
    model.unset('note', { silent: true });
    model.save({ title: 'New' });
    await settle();
    expect(hub.mutation(0)).toMatchObject({
      method: 'update',
      set: { title: 'New' },
      unset: ['note'],
      base: 5,
      was: { title: 'Old', note: 'x' },
    });
  });

  it('[TB2] counts what was changed in place, and neither dates nor defaults that only look different', async () => {
    const { hub, model } = await followed(
      { due: '2026-01-02T00:00:00.000Z', tags: ['a'] },
      {
        defaults: { done: false },
        parse: (row: { due: string }) => ({ ...row, due: new Date(row.due) }),
      },
    );
    expect(model.get('due')).toBeInstanceOf(Date);
    model.get('tags').push('b');
    model.save();
    await settle();
    expect(hub.mutation(0)).toMatchObject({ set: { tags: ['a', 'b'] }, unset: [], was: { tags: ['a'] } });
  });

  it('[TB2] builds on what is before it in its lane', async () => {
    const { hub, model } = await followed({ title: 'Old' });
    model.save({ title: 'One' });
    model.save({ title: 'Two' });
    await settle();
    expect(hub.mutations.map(({ base, was }) => [base, was])).toEqual([
      [5, { title: 'Old' }],
      ['previous', { title: 'One' }],
    ]);
  });

  it('[TB3] without a difference makes no mutation and answers 200; force sends it all the same', async () => {
    const { hub, model } = await followed({ title: 'Old', n: 1 });
    const request = requestOf(model.save({ title: 'Old' }));
    expect(await request).toEqual({ id: 1, title: 'Old', n: 1 });
    expect(request.status).toBe(200);
    expect(hub.mutations).toEqual([]);
    model.save(null, { force: true });
    await settle();
    expect(hub.mutation(0).set).toEqual({ title: 'Old', n: 1 });
  });

  it('[TB3] without a difference undoes nothing that is typed or saved in the same turn', async () => {
    const { model } = await followed({ title: 'Old', n: 1 });
    model.save();
    model.save({ n: 2 });
    model.set({ title: 'typed' });
    await settle();
    expect(model.attributes).toEqual({ id: 1, title: 'typed', n: 2 });
  });

  it('[TB4] as a patch sends exactly what it is given, or without that exactly what changed here', async () => {
    const { hub, model } = await followed({ title: 'Old', n: 1 });
    model.set({ n: 2 });
    model.save({ title: 'New' }, { patch: true });
    model.save(null, { patch: true });
    await settle();
    expect(hub.mutations.map(({ method, set }) => [method, set])).toEqual([
      ['patch', { title: 'New' }],
      ['patch', { n: 2 }],
    ]);
    expect(model.attributes).toEqual({ id: 1, title: 'New', n: 2 });
  });

  it('[TB5] reads everything during the call, with wait too', async () => {
    const { hub, model } = await followed({ title: 'Old' });
    const tags = ['a'];
    model.save({ title: 'New', tags }, { wait: true });
    tags.push('b');
    expect(model.get('title')).toBe('Old');
    await settle();
    expect(hub.mutation(0).set).toEqual({ title: 'New', tags: ['a'] });
    expect(hub.writes[0]?.wait).toBe(true);
  });

  it('[TB5] of a file throws, and says what to do', async () => {
    const { backbone } = await openPage();
    const model = new (backbone.Model.extend({ urlRoot: '/files' }))({ file: new Blob(['x']) });
    expect(() => model.save()).toThrow('upload it by ajax');
  });

  it('[TB5] sends many writes of one turn in one message', async () => {
    const { hub, model } = await followed({ n: 0 });
    for (let n = 1; n <= 20; n++) model.save({ n });
    await settle();
    expect(hub.of('writes')).toHaveLength(1);
    expect(hub.mutations.map(({ set }) => set.n)).toEqual(Array.from({ length: 20 }, (_, i) => i + 1));
  });
});

describe('a save behind a destroy that waits', () => {
  it('[TB35] sends the whole record, on nothing, and has it back in its collections when the delete is settled', async () => {
    const { hub, tasks, model, medulla } = await followed({ title: 'Old', n: 1 });
    model.destroy({ wait: true });
    model.save({ n: 2 });
    await settle();
    expect(hub.mutation(1)).toMatchObject({ method: 'update', base: null, set: { title: 'Old', n: 2 } });
    hub.applied(hub.mutation(0), 6);
    await settle();
    expect(tasks.toJSON()).toEqual([{ id: 1, title: 'Old', n: 2 }]);
    hub.applied(hub.mutation(1), 7);
    await settle();
    expect(tasks.toJSON()).toEqual([{ id: 1, title: 'Old', n: 2 }]);
    expect(medulla.stateOf(model)).toMatchObject({ state: 'clean', changed: [] });
  });

  it('[TB35] that waits too has it back with its own answer', async () => {
    const { hub, tasks, model } = await followed({ title: 'Old', n: 1 });
    model.destroy({ wait: true });
    model.save({ n: 2 }, { wait: true });
    await settle();
    hub.applied(hub.mutation(0), 6);
    await settle();
    expect(tasks.length).toBe(0);
    hub.applied(hub.mutation(1), 7);
    await settle();
    expect(tasks.toJSON()).toEqual([{ id: 1, title: 'Old', n: 2 }]);
  });

  it('[TB35] stands where the delete is refused', async () => {
    const { hub, tasks, model, medulla } = await followed({ title: 'Old', n: 1 });
    model.destroy({ wait: true });
    model.save({ n: 2 });
    await settle();
    hub.refused(hub.mutation(0), { type: 'forbidden', code: 'forbidden' }, 'clean');
    hub.applied(hub.mutation(1), 6);
    await settle();
    expect(tasks.at(0)).toBe(model);
    expect([model.attributes, medulla.stateOf(model).changed]).toEqual([{ id: 1, title: 'Old', n: 2 }, []]);
  });
});

describe('a create that waits', () => {
  it('[TB36] is the one instance of its record, whatever is read or told of it before it is answered', async () => {
    const { hub, tasks } = await followed({ title: 'Old' });
    const created = tasks.create({ title: 'New' }, { wait: true });
    tasks.fetch();
    await settle();
    const { record } = hub.mutation(0);
    hub.rows([
      [1, 5, { title: 'Old' }],
      [record, 0, { title: 'New' }],
    ]);
    await settle();
    expect(tasks.length).toBe(1);
    hub.shows(record, { title: 'New', made: 1 }, 6);
    hub.shows(record, { title: 'Newer', made: 1 }, 7);
    await settle();
    expect(tasks.length).toBe(1);
    hub.applied(hub.mutation(0), 6, { set: { made: 1 } });
    await settle();
    expect(tasks.at(1)).toBe(created);
    expect(created.attributes).toEqual({ id: record, title: 'Newer', made: 1 });
    created.save({ title: 'Newest' });
    await settle();
    expect(hub.mutation(1)).toMatchObject({ base: 7, was: { title: 'Newer' } });
  });
});
