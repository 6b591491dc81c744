import { describe, expect, it } from 'vitest';
import { settle } from '../../src/testing/virtual-clock.ts';
import { followed, openPage } from './support/page.ts';

describe('what you type stays', () => {
  it('[TB16] when a save is answered after it: success sets the answer without what was changed since', async () => {
    const { hub, model } = await followed({ title: 'Old', n: 1 });
    model.save({ title: 'Sent' });
    await settle();
    model.set({ title: 'Typed since' });
    hub.applied(hub.mutation(0), 6, { set: { n: 2, title: 'Trimmed' } });
    await settle();
    expect(model.attributes).toEqual({ id: 1, title: 'Typed since', n: 2 });
    model.save();
    await settle();
    expect(hub.mutation(1)).toMatchObject({
      set: { title: 'Typed since' },
      was: { title: 'Trimmed' },
      base: 6,
    });
  });

  it('[TB16] when a save that waited is answered after it', async () => {
    const { hub, model } = await followed({ title: 'Old', n: 1 });
    model.save({ title: 'Sent', n: 2 }, { wait: true });
    await settle();
    model.set({ title: 'Typed since' });
    hub.applied(hub.mutation(0), 6);
    await settle();
    expect(model.attributes).toEqual({ id: 1, title: 'Typed since', n: 2 });
  });

  it('[TB16] when it was taken away after the call', async () => {
    const { hub, model } = await followed({ title: 'Old', n: 1 });
    model.save({ title: 'Sent' });
    await settle();
    model.unset('title');
    hub.applied(hub.mutation(0), 6);
    await settle();
    expect(model.attributes).toEqual({ id: 1, n: 1 });
  });

  it('[TB16] when it was not part of what was saved', async () => {
    const { hub, model } = await followed({ title: 'Old', n: 1 });
    model.set({ n: 9 });
    model.save({ title: 'Sent' }, { patch: true });
    await settle();
    hub.applied(hub.mutation(0), 6);
    await settle();
    expect(model.attributes).toEqual({ id: 1, title: 'Sent', n: 9 });
  });

  it('[TB16] with parse: false too', async () => {
    const { hub, model } = await followed({ title: 'Old' });
    model.save({ title: 'Sent' }, { parse: false });
    await settle();
    model.set({ title: 'Typed since' });
    hub.applied(hub.mutation(0), 6);
    await settle();
    expect(model.get('title')).toBe('Typed since');
  });

  it('[TB17] when another changes the record: unsaved attributes are left alone, others follow, and events are few', async () => {
    const { hub, model, medulla } = await followed({ title: 'Old', n: 1, gone: 1 });
    model.set({ title: 'Typed' });
    const events: string[] = [];
    model.on('all', (name: string) => events.push(name));
    hub.shows(1, { title: 'Theirs', n: 2 });
    await settle();
    expect(model.attributes).toEqual({ id: 1, title: 'Typed', n: 2 });
    expect(events).toEqual(['change:n', 'change:gone', 'change', 'medulla:state', 'medulla:conflict']);
    expect(medulla.stateOf(model).changed).toEqual(['title']);
    events.length = 0;
    hub.shows(1, { title: 'Theirs', n: 2 }, 7);
    await settle();
    expect(events).toEqual([]);
    model.save();
    await settle();
    expect(hub.mutation(0)).toMatchObject({ set: { title: 'Typed' }, was: { title: 'Theirs' }, base: 7 });
  });

  it('[TB17] until the other writes the very same', async () => {
    const { hub, model, medulla } = await followed({ title: 'Old' });
    model.set({ title: 'Same' });
    hub.shows(1, { title: 'Same' });
    await settle();
    expect(medulla.stateOf(model).changed).toEqual([]);
  });

  it('[TB17] and so do this tab’s writes that a batch does not include yet', async () => {
    const { hub, model } = await followed({ title: 'Old', n: 1 });
    hub.tell({ status: {} });
    model.save({ title: 'Mine' });
    await settle();
    hub.tell({
      n: 0,
      values: [
        {
          topic: hub.mutation(0).topic,
          record: 1,
          version: 6,
          attrs: { title: 'Theirs', n: 2 },
          state: 'clean',
        },
      ],
    });
    await settle();
    expect(model.attributes).toEqual({ id: 1, title: 'Mine', n: 2 });
  });

  it('[TB18] parses the whole record, once, and sets what differs from what was parsed before', async () => {
    const parsed: unknown[] = [];
    const parse = (row: { first: string; last: string }) => {
      parsed.push(row);
      return { ...row, name: `${row.first} ${row.last}` };
    };
    const { hub, model } = await followed({ first: 'Ada', last: 'Byron' }, { parse });
    expect(parsed).toHaveLength(1);
    model.set({ local: true });
    hub.shows(1, { first: 'Ada', last: 'Lovelace' });
    await settle();
    expect(parsed.slice(1)).toEqual([{ id: 1, first: 'Ada', last: 'Lovelace' }]);
    expect(model.attributes).toEqual({
      id: 1,
      first: 'Ada',
      last: 'Lovelace',
      name: 'Ada Lovelace',
      local: true,
    });
    model.save({ first: 'Augusta' }, { patch: true });
    await settle();
    hub.applied(hub.mutation(0), 7);
    await settle();
    expect(parsed.slice(2)).toEqual([{ id: 1, first: 'Augusta', last: 'Lovelace' }]);
    expect(model.get('name')).toBe('Augusta Lovelace');
  });

  it('[TB18] keeps its own copy of nested values', async () => {
    const { hub, model } = await followed({ tags: ['a'] });
    model.get('tags').push('b');
    hub.shows(1, { tags: ['a'], n: 1 });
    await settle();
    expect(model.get('tags')).toEqual(['a', 'b']);
    expect(model.get('n')).toBe(1);
  });

  it('[TB19] lets another instance of the record in this tab change at once, and no echo come back to the author', async () => {
    const { hub, model, backbone } = await followed({ title: 'Old' });
    const Again = backbone.Collection.extend({ url: '/tasks', follow: true });
    const again = new Again();
    again.fetch();
    await settle();
    hub.rows([[1, 5, { title: 'Old' }]]);
    await settle();
    let changes = 0;
    model.save({ title: 'New' });
    model.on('change', () => changes++);
    expect(again.at(0).get('title')).toBe('New');
    again.create({ title: 'Two' });
    expect(model.collection.pluck('title')).toEqual(['New', 'Two']);
    model.destroy();
    expect(again.pluck('title')).toEqual(['Two']);
    await settle();
    expect(changes).toBe(0);
  });

  it('[TB20] overwrites by a fetch what was edited before it, and nothing that was edited after', async () => {
    const { hub, tasks, model } = await followed({ title: 'Old', note: 'Old', n: 1 });
    model.set({ title: 'Before', extra: 1 });
    tasks.fetch();
    model.set({ note: 'After' });
    await settle();
    hub.rows([[1, 6, { title: 'Theirs', note: 'Theirs' }]]);
    await settle();
    expect(model.attributes).toEqual({ id: 1, title: 'Theirs', note: 'After' });
    model.set({ title: 'Before' });
    model.fetch();
    model.set({ title: 'After' });
    await settle();
    hub.rows([[1, 6, { title: 'Theirs', note: 'Theirs' }]]);
    await settle();
    expect(model.attributes).toEqual({ id: 1, title: 'After', note: 'Theirs' });
  });

  it('[TB20] takes off by a fetch what was added to a model whose create had failed', async () => {
    const { hub, tasks } = await followed({ n: 1 });
    const task = tasks.create({ id: 'own', title: 'One' });
    await settle();
    hub.refused(hub.mutation(0));
    await settle();
    task.set({ note: 'typed' });
    task.fetch();
    await settle();
    hub.rows([['own', 6, { title: 'One' }]]);
    await settle();
    expect(task.attributes).toEqual({ id: 'own', title: 'One' });
  });

  it('[TB20] keeps what an answer does not say: attributes that were never the server’s', async () => {
    const { hub, backbone } = await openPage();
    const task = new (backbone.Model.extend({ urlRoot: '/tasks' }))({ id: 1, open: true });
    task.fetch();
    await settle();
    hub.rows([[1, 5, { title: 'One' }]]);
    await settle();
    expect(task.attributes).toEqual({ id: 1, open: true, title: 'One' });
  });
});

describe('a create that nobody waits for any more', () => {
  it('[TB11] that was ended by a timeout: its model has its id all the same, once the write is applied', async () => {
    const { hub, tasks, clock } = await followed({ n: 1 });
    tasks.create({ n: 2 }, { wait: true, timeout: 500 });
    await clock.advance(500);
    const { record } = hub.mutation(0);
    hub.applied(hub.mutation(0));
    await settle();
    hub.shows(record, { n: 2 });
    await settle();
    expect(
      tasks.models.map((task: { id: unknown; get(name: string): unknown }) => [task.id, task.get('n')]),
    ).toEqual([
      [1, 1],
      [record, 2],
    ]);
  });
});
