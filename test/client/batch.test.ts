import { describe, expect, it } from 'vitest';
import type { Request } from '../../src/client/calls/request.ts';
import { settle } from '../../src/testing/virtual-clock.ts';
import { requestOf } from './support/backbone-request.ts';
import { HostDouble, HubDouble } from './support/hub-double.ts';
import { followed, openPage } from './support/page.ts';

const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'done',
    ({ code }: { code: string }) => code,
  );

describe('a batch', () => {
  it('[BA20] goes to the hub in one message, one write behind the other, each stamped with the first one’s id', async () => {
    const { hub, tasks, model, medulla } = await followed({ title: 'Old' });
    tasks.create({ title: 'before' });
    const done = medulla.batch(() => {
      tasks.create({ title: 'one' });
      model.save({ title: 'two' });
      medulla.batch(() => tasks.create({ title: 'three' }));
      tasks.fetch();
    });
    tasks.create({ title: 'after' });
    await settle();
    const [, first] = hub.mutations;
    const batch = { id: first?.id, size: 3 };
    expect(hub.of('writes').map(({ writes }) => writes.length)).toEqual([1, 4]);
    expect(hub.mutations.map((mutation) => [mutation.set.title, mutation.batch])).toEqual([
      ['before', undefined],
      ['one', batch],
      ['two', batch],
      ['three', batch],
      ['after', undefined],
    ]);
    for (const mutation of hub.mutations.slice(1, 4)) hub.applied(mutation);
    expect(await done).toEqual({ status: 200 });
  });

  it('[BA20] of one write is a write, and of none is done', async () => {
    const { hub, model, medulla } = await followed({ title: 'Old' });
    expect(await medulla.batch(() => model.save())).toEqual({ status: 200 });
    const one = medulla.batch(() => model.save({ title: 'New' }));
    await settle();
    expect(hub.mutation(0).batch).toBeUndefined();
    hub.applied(hub.mutation(0));
    expect(await one).toEqual({ status: 200 });
  });

  it('[BA20] is repeated whole to the next hub', async () => {
    const first = new HubDouble('boot-1');
    const host = new HostDouble(first);
    const { tasks, medulla } = await openWith(host);
    medulla.batch(() => {
      tasks.create({ n: 1 });
      tasks.create({ n: 2 });
    });
    await settle();
    const second = new HubDouble('boot-2');
    host.add(second);
    first.die();
    await settle();
    expect(second.mutations).toEqual(first.mutations);
    expect(second.mutations.map(({ batch }) => batch?.size)).toEqual([2, 2]);
  });

  it('[BA20] of which one write is taken back goes to no other hub but to be withdrawn', async () => {
    const first = new HubDouble('boot-1');
    const host = new HostDouble(first);
    const { tasks, backbone, medulla } = await openWith(host);
    const Task = backbone.Model.extend({ urlRoot: '/tasks' });
    const pair = [new Task({ n: 1 }), new Task({ n: 2 })];
    const calls: Request[] = [];
    const done = medulla.batch(() => {
      calls.push(...pair.map((task) => requestOf(task.save())));
    });
    tasks.create({ n: 3 });
    await settle();
    calls[1]?.abort();
    await settle();
    expect(first.of('abort')).toEqual([{ type: 'abort', id: first.mutation(1).id }]);
    expect(calls[0]?.state()).toBe('pending');
    const second = new HubDouble('boot-2');
    host.add(second);
    first.die();
    await settle();
    expect(second.writes.map(({ mutation: { set }, queue }) => [set, queue])).toEqual([
      [{ n: 1 }, false],
      [{ n: 2 }, false],
      [{ n: 3 }, true],
    ]);
    expect(await codeOf(done)).toBe('abort');
  });

  it('[BA21] answers with 202 once all is durable, each call for itself as ever; a batch that waits, with 200', async () => {
    const { hub, tasks, medulla } = await followed({ title: 'Old' });
    hub.tell({ status: { connection: 'waiting', reason: 'unreachable' } });
    await settle();
    const pair = (title: string) => () => {
      tasks.create({ title });
      tasks.create({ title });
    };
    const queued = medulla.batch(pair('queued'));
    let waited: unknown;
    medulla.batch(pair('waits'), { wait: true }).then((answer) => {
      waited = answer;
    });
    await settle();
    hub.queued(...hub.mutations);
    expect(await queued).toEqual({ status: 202 });
    expect(waited).toBeUndefined();
    for (const mutation of hub.mutations) hub.applied(mutation);
    await settle();
    expect(waited).toEqual({ status: 200 });
    const never = medulla.batch(pair('now'), { queue: false });
    await settle();
    expect(hub.writes.map(({ queue }) => queue)).toEqual([true, true, true, true, false, false]);
    medulla.batch(() => {
      tasks.create({ n: 1 }, { queue: false } as object);
      tasks.create({ n: 2 });
    });
    await settle();
    expect(hub.writes.slice(6).map(({ queue }) => queue)).toEqual([false, false]);
    for (const n of [5, 6]) hub.failed(n, 'unreachable');
    expect(await codeOf(never)).toBe('unreachable');
  });

  it('[BA21] rejects with the refusal of the one that was to blame; each call hears its own', async () => {
    const { hub, tasks, model, medulla } = await followed({ title: 'Old' });
    const calls: Promise<string>[] = [];
    const done = medulla.batch(() => {
      calls.push(codeOf(requestOf(model.save({ title: 'New' }))));
      calls.push(codeOf(requestOf(tasks.create({ title: 'Bad' }).save({ title: 'Worse' }))));
    });
    await settle();
    const [one, create, update] = hub.mutations;
    if (!one || !create || !update) throw new Error('There are not three');
    hub.refused(one, { code: 'batch' });
    hub.refused(create, { code: 'batch' });
    hub.refused(update, { message: 'Not worse' });
    await expect(done).rejects.toMatchObject({ code: 'invalid', message: 'Not worse', status: 422 });
    expect(await Promise.all(calls)).toEqual(['batch', 'invalid']);
    expect(medulla.stateOf(model)).toMatchObject({ changed: ['title'], error: { code: 'batch' } });
  });

  it('[BA24] that is refused after a 202 is told late, model by model', async () => {
    const { hub, tasks, model, medulla } = await followed({ title: 'Old' });
    hub.tell({ status: { connection: 'waiting', reason: 'unreachable' } });
    const told: unknown[] = [];
    tasks.on('medulla:rejected', (_model: unknown, { code }: { code: string }) => told.push(code));
    tasks.on('error', (_model: unknown, _request: unknown, { late }: { late: boolean }) => told.push(late));
    const done = medulla.batch(() => {
      model.save({ title: 'New' });
      tasks.create({ title: 'Bad' });
    });
    await settle();
    hub.queued(...hub.mutations);
    await done;
    hub.refused(hub.mutation(0), { code: 'batch', details: { refused: hub.mutation(1).id } });
    hub.refused(hub.mutation(1));
    await settle();
    expect(told).toEqual(['batch', true, 'invalid', true]);
    expect(model.get('title')).toBe('Old');
    expect(tasks.map((task: object) => medulla.stateOf(task).error?.code)).toEqual(['batch', 'invalid']);
  });
});

async function openWith(host: HostDouble) {
  const page = await openPage({ host });
  const tasks = new (page.backbone.Collection.extend({ url: '/tasks' }))();
  return { ...page, tasks };
}
