import { describe, expect, it } from 'vitest';
import { settle } from '../../src/testing/virtual-clock.ts';
import { requestOf } from './support/backbone-request.ts';
import { followed } from './support/page.ts';

const codesOf = async (calls: readonly unknown[]) =>
  (await Promise.allSettled(calls.map(requestOf))).map((result) =>
    result.status === 'rejected' ? result.reason.code : 'done',
  );

describe('of a batch nothing is sent', () => {
  it('[BA22] whose function throws: its calls are aborted, what it set is unsaved, what it deleted is back', async () => {
    const { hub, tasks, model, medulla, backbone } = await followed({ title: 'Old', note: 'Old' });
    const Other = backbone.Collection.extend({ url: '/tasks', follow: true });
    const other = new Other();
    other.fetch();
    await settle();
    hub.rows([
      [1, 5, { title: 'Old', note: 'Old' }],
      [2, 4, { title: 'Two' }],
    ]);
    hub.shows(2, { title: 'Two' }, 4);
    await settle();
    const calls: unknown[] = [];
    const states: unknown[] = [];
    model.on('medulla:state', (_model: unknown, state: string) => states.push(state));
    const wrong = new Error('wrong');
    const batch = () =>
      medulla.batch(() => {
        calls.push(model.save({ title: 'New' }), model.save({ title: 'Newer' }), tasks.get(2)?.destroy());
        throw wrong;
      });
    expect(batch).toThrow(wrong);
    await settle();
    expect(hub.writes).toEqual([]);
    expect(await codesOf(calls)).toEqual(['abort', 'abort', 'abort']);
    expect(states).toEqual(['pending', 'pending', 'clean', 'clean']);
    expect(tasks.pluck('title')).toEqual(['Newer', 'Two']);
    expect(other.pluck('title')).toEqual(['Old', 'Two']);
    expect(medulla.stateOf(model)).toMatchObject({ state: 'clean', changed: ['title'] });
    model.save();
    await settle();
    expect(hub.mutation(0)).toMatchObject({ set: { title: 'Newer' }, was: { title: 'Old' }, base: 5 });
    expect(hub.mutation(0).batch).toBeUndefined();
  });

  it('[BA22] whose function is asynchronous, or where a batch in it throws', async () => {
    const { hub, tasks, medulla } = await followed({ title: 'Old' });
    expect(() =>
      medulla.batch(async () => {
        tasks.create({ n: 1 });
      }),
    ).toThrow(expect.objectContaining({ code: 'bad-option' }));
    const done = medulla.batch(() => {
      tasks.create({ n: 2 });
      try {
        medulla.batch(() => {
          throw new Error('wrong');
        });
      } catch {}
    });
    await expect(done).rejects.toMatchObject({ code: 'abort' });
    await settle();
    expect(hub.writes).toEqual([]);
  });

  it('[BA22] of which one call fails before it is sent; one that is aborted in it is no part of it', async () => {
    const { hub, tasks, model, medulla } = await followed({ title: 'Old' });
    const vetoed = medulla.batch(() => {
      tasks.create({ n: 1 });
      model.save({ title: 'New' }, { beforeSend: () => false });
    });
    await expect(vetoed).rejects.toMatchObject({ code: 'abort' });
    await settle();
    expect(hub.writes).toEqual([]);
    medulla.batch(() => {
      requestOf(model.save({ title: 'New' })).abort();
      tasks.create({ n: 2 });
      tasks.create({ n: 3 });
    });
    await settle();
    expect(hub.mutations.map(({ set, batch }) => [set.n, batch?.size])).toEqual([
      [2, 2],
      [3, 2],
    ]);
    expect(hub.of('abort')).toEqual([]);
  });

  it('[BA23] that names a record by an id which only it would bring; one that it does not make may be named', async () => {
    const { hub, tasks, medulla } = await followed({ title: 'Old' }, {}, { ids: 'server' });
    hub.tell({ status: { connection: 'waiting', reason: 'unreachable' } });
    const earlier = tasks.create({ n: 1 });
    await settle();
    hub.queued(hub.mutation(0));
    await settle();
    expect(String(earlier.id)[0]).toBe('~');
    expect(() =>
      medulla.batch(() => {
        tasks.create({ n: 2 }).save({ n: 3 });
      }),
    ).toThrow(expect.objectContaining({ code: 'bad-option' }));
    await settle();
    expect(hub.writes).toHaveLength(1);
    medulla.batch(() => {
      tasks.create({ n: 2 });
      earlier.save({ n: 3 });
      tasks.create({ of: earlier.id });
    });
    await settle();
    expect(hub.mutations.map(({ batch }) => batch?.size)).toEqual([undefined, 3, 3, 3]);
  });
});
