import { describe, expect, it } from 'vitest';
import { settle } from '../../src/testing/virtual-clock.ts';
import { conflictWith, edited } from './support/edited.ts';

describe('a save that the server answers with a conflict', () => {
  it('[CF4] is an error with 409 and an unsaved edit, over the record as the server has it', async () => {
    const { hub, model, told, stateOf } = await edited({});
    const errors: number[] = [];
    model.on('error', (_model: unknown, request: { status: number }) => errors.push(request.status));
    model.save({ title: 'Mine' });
    await settle();
    hub.refused(hub.mutation(0), conflictWith({ title: 'Theirs', note: 'Theirs' }));
    await settle();
    expect([errors, model.attributes]).toEqual([[409], { id: 1, title: 'Mine', note: 'Theirs' }]);
    expect(told).toMatchObject([{ was: { title: 'Old' }, theirs: { title: 'Theirs' }, names: ['title'] }]);
    expect(stateOf()).toMatchObject({
      state: 'conflict',
      changed: ['title'],
      error: { code: 'conflict', status: 409 },
    });
    told[0]?.resolve();
    await settle();
    expect(hub.mutation(1)).toMatchObject({ set: { title: 'Mine' }, base: 6, was: { title: 'Theirs' } });
  });

  it('[CF4] after a 202 keeps its edits too, and discard takes it out of the outbox', async () => {
    const { hub, model, told, stateOf } = await edited({});
    hub.tell({ status: { connection: 'waiting', reason: 'unreachable' } });
    const late: unknown[] = [];
    model.on('error', (_model: unknown, _request: unknown, options: object) => late.push(options));
    model.save({ title: 'Mine', note: 'Mine' });
    await settle();
    hub.queued(hub.mutation(0));
    await settle();
    const mutation = hub.mutation(0);
    hub.refused(mutation, conflictWith({ title: 'Theirs', note: 'Old' }));
    await settle();
    expect([late, model.get('title'), stateOf().state]).toEqual([[{ late: true }], 'Mine', 'conflict']);
    told[0]?.discard();
    await settle();
    expect(hub.of('decide')).toEqual([{ type: 'decide', id: mutation.id, decision: 'discard' }]);
    expect(model.attributes).toEqual({ id: 1, title: 'Theirs', note: 'Old' });
    expect(stateOf().changed).toEqual([]);
  });

  it('[CF4] is told of what was written last, where there is more under way', async () => {
    const { hub, model, told } = await edited({});
    model.save({ title: 'M' });
    await settle();
    model.save({ title: 'Mi' });
    await settle();
    hub.refused(hub.mutation(0), conflictWith({ title: 'Theirs', note: 'Old' }));
    await settle();
    expect([told.length, model.get('title')]).toEqual([0, 'Mi']);
    hub.refused(hub.mutation(1), conflictWith({ title: 'Theirs', note: 'Old' }));
    await settle();
    expect(told).toMatchObject([{ mine: { title: 'Mi' }, theirs: { title: 'Theirs' } }]);
  });

  it('[CF4] says nothing of a state that this page has seen go by', async () => {
    const { hub, model, told } = await edited({});
    model.save({ title: 'Mine' });
    await settle();
    hub.shows(1, { title: 'Mine', note: 'Newest' }, 9, 'pending');
    await settle();
    const changes: unknown[] = [];
    model.on('change:note', (_model: unknown, note: unknown) => changes.push(note));
    hub.refused(hub.mutation(0), conflictWith({ title: 'Theirs', note: 'Middle' }, 7));
    hub.shows(1, { title: 'Newest', note: 'Newest' }, 9, 'rejected');
    await settle();
    expect([changes, told.at(-1)?.theirs]).toEqual([[], { title: 'Newest', note: 'Newest' }]);
  });

  it('[CF5] of a create is a conflict with the record that is there, and saved again an update of it', async () => {
    const { hub, tasks, medulla, told } = await edited({});
    const task = tasks.create({ title: 'Mine', n: 1 });
    await settle();
    hub.refused(hub.mutation(0), conflictWith({ title: 'Theirs', of: 'them' }));
    await settle();
    expect(medulla.stateOf(task)).toMatchObject({ state: 'conflict' });
    expect(task.attributes).toEqual({ id: task.id, title: 'Mine', n: 1, of: 'them' });
    expect(told[0]?.theirs).toEqual({ title: 'Theirs', of: 'them' });
    task.save();
    await settle();
    expect(hub.mutation(1)).toMatchObject({ method: 'update', base: 6, set: { title: 'Mine', n: 1 } });
  });
});

describe('what is known of a conflict', () => {
  it('[CF6] comes with the record after a reload: mine is what was refused', async () => {
    const { hub, model, told, stateOf } = await edited({});
    const mutation = {
      ...{ id: 'other:1', user: '', topic: '/tasks', record: 1, method: 'update' },
      ...{ set: { title: 'Mine' }, unset: [], base: 4, was: { title: 'Older' } },
    };
    const receipt = { ids: ['other:1'], ...conflictWith({ title: 'Old', note: 'Old' }, 5) };
    const value = { topic: '/tasks', record: 1, version: 5, attrs: { title: 'Old', note: 'Old' } };
    const refused = { mutation, receipt, status: 409 };
    for (const _ of [1, 2]) hub.tell({ values: [{ ...value, state: 'rejected', refused } as never] });
    await settle();
    expect(stateOf()).toMatchObject({ state: 'conflict', error: { code: 'conflict', status: 409 } });
    expect(told).toMatchObject([
      { was: { title: 'Older' }, mine: { title: 'Mine', note: 'Old' }, theirs: { title: 'Old' } },
    ]);
    expect(model.get('title')).toBe('Old');
    told[0]?.resolve();
    await settle();
    expect(hub.mutation(0)).toMatchObject({ set: { title: 'Mine' }, base: 5, was: { title: 'Old' } });
  });

  it('[CF6] and so does why a write was refused', async () => {
    const { hub, stateOf, told } = await edited({});
    const mutation = {
      ...{ id: 'other:1', user: '', topic: '/tasks', record: 1, method: 'update' },
      ...{ set: { title: 'Bad' }, unset: [], base: 4, was: {} },
    };
    const receipt = { type: 'invalid', ids: ['other:1'], code: 'invalid', message: 'No title' };
    const value = { topic: '/tasks', record: 1, version: 5, attrs: { title: 'Old', note: 'Old' } };
    hub.tell({
      values: [{ ...value, state: 'rejected', refused: { mutation, receipt, status: 422 } } as never],
    });
    await settle();
    expect(stateOf()).toMatchObject({ state: 'rejected', error: { message: 'No title', status: 422 } });
    expect(told).toEqual([]);
  });
});
