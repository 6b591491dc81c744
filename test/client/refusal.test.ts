import { describe, expect, it } from 'vitest';
import { settle } from '../../src/testing/virtual-clock.ts';
import { requestOf } from './support/backbone-request.ts';
import { followed } from './support/page.ts';

describe('a refusal', () => {
  it('[TB13] that a live request hears leaves that instance as it is, and rolls the others back', async () => {
    const { hub, model, Task, medulla } = await followed({ title: 'Old' }, { urlRoot: '/tasks' });
    const other = new Task({ id: 1 });
    other.fetch();
    await settle();
    hub.rows([[1, 5, { title: 'Old' }]]);
    medulla.follow(other);
    await settle();
    const request = requestOf(model.save({ title: 'Bad' }));
    expect(other.get('title')).toBe('Bad');
    await settle();
    hub.tell({
      settlements: [
        {
          type: 'settled',
          n: 1,
          receipt: { type: 'invalid', ids: [hub.mutation(0).id], code: 'invalid', message: 'Bad' },
          state: 'rejected',
          status: 422,
        },
      ],
      values: [
        { topic: hub.mutation(0).topic, record: 1, version: 5, attrs: { title: 'Old' }, state: 'rejected' },
      ],
    });
    await expect(request).rejects.toMatchObject({ status: 422 });
    expect([model.get('title'), other.get('title')]).toEqual(['Bad', 'Old']);
    expect(medulla.stateOf(model)).toMatchObject({
      state: 'rejected',
      changed: ['title'],
      error: { code: 'invalid' },
    });
    model.save({ title: 'Good' });
    await settle();
    expect(hub.mutation(1)).toMatchObject({
      method: 'update',
      set: { title: 'Good' },
      was: { title: 'Old' },
    });
  });

  it('[TB14] after a 202 rolls back only what still has the sent value, and is told as late', async () => {
    const { hub, model, medulla } = await followed({ title: 'Old', note: 'Old' });
    hub.tell({ status: { connection: 'waiting', reason: 'unreachable' } });
    const told: unknown[] = [];
    model.on('medulla:rejected', (_model: unknown, refusal: { code: string }) => told.push(refusal.code));
    model.on('error', (_model: unknown, request: { responseJSON: { message: string } }, options: object) =>
      told.push(request.responseJSON.message, options),
    );
    medulla.on('error', (request: { status: number }) => told.push(request.status));
    const request = requestOf(model.save({ title: 'Bad', note: 'New' }));
    await settle();
    hub.queued(hub.mutation(0));
    await request;
    model.set({ note: 'Typed since' });
    hub.refused(hub.mutation(0));
    await settle();
    expect(model.attributes).toEqual({ id: 1, title: 'Old', note: 'Typed since' });
    expect(told).toEqual(['invalid', 'No title', { late: true }, 422]);
  });

  it('[TB14] of a create after a 202 leaves it in its collection; saving it again creates it whole', async () => {
    const { hub, tasks, medulla } = await followed({ title: 'Old' });
    hub.tell({ status: { connection: 'waiting', reason: 'unreachable' } });
    const task = tasks.create({ title: 'Bad', n: 1 });
    await settle();
    hub.queued(hub.mutation(0));
    await settle();
    hub.refused(hub.mutation(0));
    await settle();
    expect([tasks.length, medulla.stateOf(task).state]).toEqual([2, 'rejected']);
    task.save({ title: 'Good' });
    await settle();
    expect(hub.mutation(1)).toMatchObject({
      method: 'create',
      record: hub.mutation(0).record,
      set: { title: 'Good', n: 1 },
      base: null,
    });
  });

  it('[TB14] of a create that is discarded takes it out of its collection', async () => {
    const { hub, tasks } = await followed({ title: 'Old' });
    const task = tasks.create({ title: 'Bad' });
    await settle();
    hub.refused(hub.mutation(0));
    await settle();
    expect(tasks.length).toBe(2);
    hub.shows(String(task.id), null, 0);
    await settle();
    expect(tasks.length).toBe(1);
  });

  it('[TB15] of a delete puts a new instance back', async () => {
    const { hub, tasks, model } = await followed({ title: 'Old' });
    const added: unknown[] = [];
    tasks.on('add', (added_: unknown, _tasks: unknown, options: { restored?: boolean }) =>
      added.push(added_, options.restored),
    );
    model.destroy();
    expect(tasks.length).toBe(0);
    await settle();
    hub.refused(hub.mutation(0), { type: 'forbidden', code: 'forbidden' });
    await settle();
    expect(tasks.length).toBe(1);
    expect(tasks.at(0)).not.toBe(model);
    expect(added).toEqual([tasks.at(0), true]);
    tasks.at(0).save({ title: 'Again' });
    await settle();
    expect(hub.mutation(1)).toMatchObject({
      method: 'update',
      set: { title: 'Again' },
      base: 5,
      was: { title: 'Old' },
    });
  });

  it('[TB15] of a destroy that waits leaves the model where it is', async () => {
    const { hub, tasks, model } = await followed({ title: 'Old' });
    const request = requestOf(model.destroy({ wait: true }));
    await settle();
    expect(tasks.length).toBe(1);
    hub.refused(hub.mutation(0), { type: 'forbidden', code: 'forbidden' });
    await expect(request).rejects.toMatchObject({ status: 403 });
    expect(tasks.at(0)).toBe(model);
  });
});
