import { describe, expect, it } from 'vitest';
import type { Receipt } from '../../src/protocol/receipt.ts';
import type { OutboxItem } from '../../src/protocol/tab-down.ts';
import { settle } from '../../src/testing/virtual-clock.ts';
import { HostDouble, HubDouble } from './support/hub-double.ts';
import { followed, openPage } from './support/page.ts';

describe('a record that is not on the server', () => {
  it('[BA22] is back as what is here only, where the batch that destroyed it is not sent', async () => {
    const { hub, tasks, medulla } = await followed({ title: 'Old' });
    const task = tasks.create({ title: 'New' });
    await settle();
    hub.failed(1, 'too-large');
    await settle();
    const batch = () =>
      medulla.batch(() => {
        task.destroy();
        throw new Error('wrong');
      });
    expect(batch).toThrow('wrong');
    await settle();
    const back = tasks.get(task.id);
    expect(back?.get('title')).toBe('New');
    expect(medulla.stateOf(back as object).changed).toEqual(['title']);
  });

  it('[TB23] takes nothing from its model where it is made after another tab has deleted it', async () => {
    const { hub, tasks } = await followed({ title: 'Old' });
    hub.tell({ status: { connection: 'waiting', reason: 'unreachable' } });
    const task = tasks.create({ title: 'Bad' });
    task.save({ title: 'New' });
    await settle();
    hub.queued(...hub.mutations);
    await settle();
    task.set({ title: 'typed' });
    hub.refused(hub.mutation(0));
    hub.shows(task.id, { title: 'New' }, 0, 'rejected');
    await settle();
    hub.shows(task.id, null, 0, 'pending');
    await settle();
    hub.applied(hub.mutation(1));
    await settle();
    expect([tasks.length, task.get('title')]).toEqual([1, 'typed']);
  });

  it('[TB23] takes nothing from its model where it is made after that has destroyed it', async () => {
    const { hub, tasks } = await followed({ title: 'Old' });
    hub.tell({ status: { connection: 'waiting', reason: 'unreachable' } });
    const task = tasks.create({ title: 'New' });
    await settle();
    hub.queued(...hub.mutations);
    await settle();
    task.destroy();
    await settle();
    hub.applied(hub.mutation(0));
    await settle();
    expect([tasks.length, task.get('title')]).toEqual([1, 'New']);
  });

  it('[TB35] is as the last write left it, also where what an earlier one names has been given its id since', async () => {
    const { hub, tasks, model } = await followed({ title: 'Old' });
    hub.tell({ status: { connection: 'waiting', reason: 'unreachable' } });
    model.destroy({ wait: true });
    await settle();
    const temporary = '~0000000f-4332-7a0c-99c3-2c362f3e0000';
    model.save({ title: 'One', list: temporary });
    await settle();
    model.save({ title: 'Two' });
    await settle();
    hub.queued(...hub.mutations);
    hub.tell({ aliases: [{ topic: '/lists', temporary, record: 7 } as never] });
    for (const [i, mutation] of hub.mutations.entries()) hub.applied(mutation, 6 + i);
    await settle();
    expect(tasks.toJSON()).toEqual([{ id: 1, title: 'Two', list: 7 }]);
  });

  it('[TB35] is as the hub has shown it, with a save that waits, when the receipts come', async () => {
    const { hub, tasks, model } = await followed({ title: 'Old', n: 1 });
    model?.destroy();
    const made = tasks.create({ id: 1, title: 'New', n: 2 });
    made.save({ title: 'Newer' }, { wait: true });
    await settle();
    hub.shows(1, { title: 'Newer', n: 2 }, 5, 'pending');
    await settle();
    hub.applied(hub.mutation(0), 6);
    for (const mutation of hub.mutations.slice(1)) hub.applied(mutation, 7);
    await settle();
    expect(tasks.toJSON()).toEqual([{ id: 1, title: 'Newer', n: 2 }]);
    expect(tasks.at(0)).toBe(made);
  });

  it('[TB35] keeps nothing of a write that failed before the save behind its destroy failed too', async () => {
    const { hub, tasks, model, backbone, medulla } = await followed({ title: 'Old' });
    const more = new (backbone.Collection.extend({ url: '/tasks', follow: true }))();
    more.fetch();
    await settle();
    hub.rows([[1, 5, { title: 'Old' }]]);
    await settle();
    model?.save({ note: 'typed' });
    medulla.batch(() => {
      model?.destroy();
      more.at(0).save({ title: 'New' });
    });
    await settle();
    for (const n of [1, 2, 3]) hub.failed(n, 'unreachable');
    hub.shows(1, { title: 'Old' }, 5);
    await settle();
    expect(more.toJSON()).toEqual([{ id: 1, title: 'New' }]);
    expect(medulla.stateOf(more.at(0)).changed).toEqual(['title']);
    expect(tasks.toJSON()).toEqual([{ id: 1, title: 'Old' }]);
  });

  it('[CF7] has nothing saved in it when all of it that was refused is given up', async () => {
    const { hub, tasks, medulla } = await followed({ title: 'Old' });
    const task = tasks.create({ title: 'New' });
    task.save({ title: 'Newer' });
    await settle();
    const items = hub.mutations.map((mutation): OutboxItem => {
      hub.refused(mutation);
      const receipt: Receipt = { type: 'invalid', ids: [mutation.id], code: 'invalid', message: 'Not so' };
      return { mutation, state: 'rejected', attempts: 1, receipt };
    });
    hub.tell({ outbox: { items, gone: [] } });
    await settle();
    const { models } = medulla.outbox as unknown as { models: readonly { discard(): void }[] };
    for (const item of [...models]) item.discard();
    await settle();
    expect(medulla.stateOf(task).changed).toEqual(['title']);
  });

  it('[CF1] has nothing of what it was when it is made anew beside a model that was edited', async () => {
    const { hub, tasks, model, backbone } = await followed({ title: 'Old', note: 'Old' });
    model.set({ title: 'typed' });
    hub.shows(1, null, 6);
    await settle();
    expect(tasks.length).toBe(1);
    const other = new (backbone.Collection.extend({ url: '/tasks' }))();
    other.create({ id: 1, title: 'New' });
    await settle();
    expect(model.attributes).toEqual({ id: 1, title: 'typed' });
  });

  it('[TB2] is made without a base by who has not seen it, also while a write of another model of it is on its way', async () => {
    const { hub, tasks, model } = await followed({ title: 'Old' });
    model.save({ note: 'New' }, { patch: true });
    await settle();
    hub.shows(1, null, 6); // deleted in another tab
    await settle();
    tasks.create({ id: 1, title: 'Again' });
    await settle();
    expect(hub.mutation(1)).toMatchObject({ method: 'update', base: null, set: { title: 'Again' } });
  });

  it('[GU4] is in no collection, where another page had given up what this one has sent again', async () => {
    const [one, two] = [new HubDouble('one'), new HubDouble('two')];
    const host = new HostDouble(one);
    const { backbone, medulla } = await openPage({ host }, one);
    const tasks = new (backbone.Collection.extend({ url: '/tasks', follow: true }))();
    tasks.fetch();
    await settle();
    one.rows([]);
    tasks.create({ title: 'New' });
    await settle();
    const mutation = one.mutation(0);
    const receipt: Receipt = { type: 'invalid', ids: [mutation.id], code: 'invalid', message: 'Not so' };
    one.refused(mutation);
    one.tell({ outbox: { items: [{ mutation, state: 'rejected', attempts: 1, receipt }], gone: [] } });
    await settle();
    medulla.outbox.at(0)?.retry({ title: 'Edited' });
    host.add(two);
    one.die();
    await settle();
    two.rows([]);
    await settle();
    expect(tasks.toJSON()).toEqual([]);
  });
});
