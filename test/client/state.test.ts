import { describe, expect, it } from 'vitest';
import { settle } from '../../src/testing/virtual-clock.ts';
import { requestOf } from './support/backbone-request.ts';
import { HubDouble } from './support/hub-double.ts';
import { followed, openPage } from './support/page.ts';

describe('state is Backbone too', () => {
  it('[TB30] shows how the hub stands as a model', async () => {
    const { backbone, hub, medulla } = await openPage({ user: 'ada' });
    expect(medulla.status).toBeInstanceOf(backbone.Model);
    expect(medulla.status.toJSON()).toMatchObject({
      connection: 'open',
      host: 'shared',
      hostReason: null,
      durable: true,
      stale: false,
    });
    const changes: unknown[] = [];
    medulla.status.on('change:pending', (_status: unknown, pending: number) => changes.push(pending));
    hub.tell({ status: { pending: 3 } });
    await settle();
    expect([changes, medulla.isOpen]).toEqual([[3], true]);
    await expect(medulla.ready).resolves.toBeUndefined();
  });

  it('[TB30] says in words why the server refuses, once for each reason, and rejects ready with that', async () => {
    const logged: unknown[] = [];
    const refusal = {
      connection: 'paused',
      reason: 'unauthorized',
      message: 'Your session is over',
    } as const;
    const { hub, medulla } = await openPage(
      { log: (level, ...rest) => level === 'warn' && logged.push(rest) },
      undefined,
      undefined,
      refusal,
    );
    await expect(medulla.ready).rejects.toMatchObject({ code: 'unauthorized', message: refusal.message });
    for (const connection of ['connecting', 'paused', 'waiting', 'paused'] as const)
      hub.tell({ status: { ...refusal, connection } });
    hub.tell({ status: { connection: 'paused', reason: 'wrong-user', message: 'You are Ada' } });
    await settle();
    expect(logged).toEqual([
      ['unauthorized', { message: 'Your session is over' }],
      ['wrong-user', { message: 'You are Ada' }],
    ]);
  });

  it('[TB30] rejects ready at the first failure', async () => {
    const { hub, medulla } = await openPage({}, undefined, undefined, {
      connection: 'waiting',
      reason: 'unreachable',
    });
    expect(hub.heard.length).toBeGreaterThan(0);
    await expect(medulla.ready).rejects.toThrow('unreachable');
  });

  it('[TB31] shows the outbox as a collection, from its first use on, with retry, discard and export', async () => {
    const { backbone, hub, medulla, model } = await followed({ title: 'Old' });
    expect(hub.of('watch')).toEqual([]);
    expect(medulla.outbox).toBeInstanceOf(backbone.Collection);
    expect(medulla.outbox).toBe(medulla.outbox);
    model.save({ title: 'New' });
    await settle();
    expect(hub.of('watch')).toHaveLength(1);
    const mutation = hub.mutation(0);
    const receipt = { type: 'invalid' as const, ids: [mutation.id], code: 'invalid', message: 'Bad' };
    hub.tell({ outbox: { items: [{ mutation, state: 'queued', attempts: 0, receipt: null }], gone: [] } });
    hub.tell({ outbox: { items: [{ mutation, state: 'rejected', attempts: 1, receipt }], gone: [] } });
    await settle();
    const item = medulla.outbox.at(0) as typeof model & {
      retry(edit?: object): void;
      discard(): void;
      export(): object;
    };
    expect(item.toJSON()).toEqual({ ...mutation, state: 'rejected', attempts: 1, receipt });
    const { outbox } = medulla as unknown as { outbox: { export(): object } };
    expect(outbox.export()).toEqual([item.export()]);
    item.retry({ title: 'Better' });
    item.retry();
    item.discard();
    await settle();
    expect(hub.of('decide')).toEqual([
      { type: 'decide', id: mutation.id, decision: 'retry', edit: { title: 'Better' } },
      { type: 'decide', id: mutation.id, decision: 'retry' },
      { type: 'decide', id: mutation.id, decision: 'discard' },
    ]);
    hub.tell({ outbox: { items: [], gone: [mutation.id] } });
    await settle();
    expect(medulla.outbox.length).toBe(0);
  });

  it.each([
    ['discard', undefined, { title: 'Old', note: 'Old' }],
    ['retry', undefined, { title: 'Bad', note: 'Bad' }],
    ['retry', { title: 'Good' }, { title: 'Good', note: 'Bad' }],
  ] as const)(
    '[TB37] by %s(%o) ends the unsaved edits that are what was refused',
    async (decision, edit, shown) => {
      const { hub, medulla, model } = await followed({ title: 'Old', note: 'Old' });
      const { outbox } = medulla;
      model.save({ title: 'Bad', note: 'Bad' });
      await settle();
      const mutation = hub.mutation(0);
      const receipt = { type: 'invalid' as const, ids: [mutation.id], code: 'invalid', message: 'Bad' };
      hub.refused(mutation);
      hub.tell({ outbox: { items: [{ mutation, state: 'rejected', attempts: 1, receipt }], gone: [] } });
      await settle();
      expect(model.get('title')).toBe('Bad');
      model.set({ note: 'Typed since', n: 7 });
      const item = outbox.at(0) as typeof model & { retry(edit?: object): void; discard(): void };
      item[decision](edit);
      hub.shows(1, shown, 5, decision === 'retry' ? 'pending' : 'clean');
      await settle();
      expect(model.attributes).toEqual({ id: 1, title: shown.title, note: 'Typed since', n: 7 });
      expect(medulla.stateOf(model).changed).toEqual(['note', 'n']);
    },
  );

  it('[TB32] tells how a model and a collection stand, and when that changes', async () => {
    const { hub, medulla, model, tasks } = await followed({ title: 'Old' });
    const states: unknown[] = [];
    tasks.on('medulla:state', (_model: unknown, state: string) => states.push(state));
    let synced = 0;
    tasks.on('medulla:synced', () => synced++);
    expect(medulla.stateOf(model)).toEqual({ state: 'clean', changed: [], error: null, conflict: null });
    model.set({ title: 'New' });
    expect(medulla.stateOf(model).changed).toEqual(['title']);
    model.save();
    expect(medulla.stateOf(model).state).toBe('pending');
    await settle();
    hub.applied(hub.mutation(0));
    hub.shows(1, { title: 'New' }, 7, 'pending');
    await settle();
    expect([medulla.stateOf(model).state, states]).toEqual(['pending', ['pending', 'clean', 'pending']]);
    expect(medulla.stateOf(tasks)).toEqual({ loaded: false, synced: false, stale: false });
    const topic = hub.mutation(0).topic;
    hub.tell({ topics: [{ topic, loaded: true, synced: true }] });
    await settle();
    expect([medulla.stateOf(tasks), synced]).toEqual([{ loaded: true, synced: true, stale: false }, 1]);
    hub.tell({ topics: [{ topic, loaded: true, synced: false }] });
    await settle();
    expect([medulla.stateOf(tasks).stale, synced]).toEqual([true, 1]);
  });

  it('[TB33] flushes: resolves when nothing is on its way any more', async () => {
    const { hub, medulla, model } = await followed({ title: 'Old' });
    await medulla.flush();
    model.save({ title: 'New' });
    let flushed = false;
    medulla.flush().then(() => {
      flushed = true;
    });
    await settle();
    hub.tell({ status: { pending: 1 } });
    hub.applied(hub.mutation(0));
    await settle();
    expect(flushed).toBe(false);
    hub.tell({ status: { pending: 0 } });
    await settle();
    expect(flushed).toBe(true);
  });

  it('[TB33] flushes: waits for the first word of the hub, which may have what an earlier page has left', async () => {
    const hub = new HubDouble();
    hub.silent = true;
    const { medulla } = await openPage({}, hub);
    let flushed = false;
    medulla.flush().then(() => {
      flushed = true;
    });
    await settle();
    expect(flushed).toBe(false);
    hub.status = { pending: 1 };
    hub.silent = false;
    await settle();
    expect(flushed).toBe(false);
    hub.tell({ status: { pending: 0 } });
    await settle();
    expect(flushed).toBe(true);
  });

  it('[TB34] takes the hub’s line down and up, also before there is a hub', async () => {
    const { hub, medulla } = await openPage();
    medulla.disconnect();
    medulla.reconnect().disconnect();
    await settle();
    expect(hub.of('line').map(({ open }) => open)).toEqual([false, true, false]);
    medulla.close().open();
    await settle();
    expect(hub.of('line').map(({ open }) => open)).toEqual([false, true, false, false]);
  });

  it('[TB34] does not repeat to the next hub what another tab has decided otherwise since', async () => {
    const { hub, medulla } = await openPage();
    medulla.disconnect();
    await settle();
    hub.tell({ status: { connection: 'closed' } });
    await settle();
    medulla.close().open();
    await settle();
    expect(hub.of('line').map(({ open }) => open)).toEqual([false, false]);
    hub.tell({ status: { connection: 'closed' } });
    hub.tell({ status: { connection: 'connecting' } });
    await settle();
    medulla.close().open();
    await settle();
    expect(hub.of('line')).toHaveLength(2);
  });

  it('[TB34] closes: live requests end, what was handed over goes on, and open begins again', async () => {
    const { hub, medulla, model, tasks } = await followed({ title: 'Old' });
    const save = requestOf(model.save({ title: 'New' }));
    const fetch = requestOf(tasks.fetch());
    medulla.close();
    await expect(save).rejects.toMatchObject({ code: 'abort' });
    await expect(fetch).rejects.toMatchObject({ code: 'abort' });
    await settle();
    expect(hub.heard.at(-1)).toEqual({ type: 'goodbye' });
    expect(hub.mutations).toHaveLength(1);
    expect(medulla.isOpen).toBe(false);
    medulla.open();
    await settle();
    expect(medulla.isOpen).toBe(true);
  });
});
