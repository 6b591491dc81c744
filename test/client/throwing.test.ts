import { describe, expect, it } from 'vitest';
import type { Topic } from '../../src/protocol/ids.ts';
import { settle, VirtualClock } from '../../src/testing/virtual-clock.ts';
import { HostDouble, HubDouble } from './support/hub-double.ts';
import { followed, openPage } from './support/page.ts';

const values = (attrs: { n: number }, version = 9, ...records: number[]) =>
  records.map((record) => ({
    topic: '/tasks' as Topic,
    record,
    version,
    attrs,
    state: 'clean' as const,
  }));

function fail(): never {
  throw new Error('mine');
}

describe('an application that throws', () => {
  it('[TB38] in a change listener keeps none of the models of the batch from changing, now and later', async () => {
    const { hub, tasks, reported, medulla } = await followed({ n: 1 });
    hub.tell({ values: values({ n: 1 }, 9, 2, 3) });
    await settle();
    const changed: unknown[] = [];
    tasks.on('change', ({ id }: { id: number }) => changed.push(id));
    tasks.at(0).on('change', fail);
    hub.tell({ values: values({ n: 2 }, 10, 1, 2, 3, 4) });
    await settle();
    expect([tasks.pluck('n'), changed, reported.length]).toEqual([[2, 2, 2, 2], [2, 3], 1]);
    expect(tasks.models.map((task: object) => medulla.stateOf(task).changed)).toEqual([[], [], [], []]);
    tasks.at(0).off('change', fail);
    hub.tell({ values: values({ n: 3 }, 11, 1, 2) });
    await settle();
    expect([tasks.pluck('n'), changed]).toEqual([
      [3, 3, 2, 2],
      [2, 3, 1, 2],
    ]);
  });

  it('[TB38] in a listener for add or remove keeps none of the others from being told', async () => {
    const { hub, tasks, reported } = await followed({ n: 1 });
    const told: unknown[] = [];
    for (const name of ['add', 'remove', 'update'])
      tasks.on(name, ({ id }: { id: number }) => {
        told.push(`${name} ${id}`);
        fail();
      });
    hub.tell({ values: values({ n: 1 }, 9, 2, 3) });
    hub.tell({ values: values({ n: 1 }, 9, 1, 2).map((value) => ({ ...value, attrs: null })) });
    await settle();
    expect(told).toEqual(['add 2', 'add 3', 'update undefined', 'remove 1', 'remove 2', 'update undefined']);
    expect([tasks.pluck('id'), reported.length]).toEqual([[3], 6]);
  });

  it('[TB38] in parse leaves that record alone out', async () => {
    const { hub, tasks, reported } = await followed(
      { n: 1 },
      { parse: (attrs: { n: number; id: number }) => (attrs.n === 2 && attrs.id !== 3 ? fail() : attrs) },
    );
    hub.tell({ values: values({ n: 2 }, 9, 1, 2, 3) });
    await settle();
    expect([tasks.pluck('n'), reported.length]).toEqual([[1, 2], 2]);
    hub.tell({ values: values({ n: 3 }, 10, 1, 2) });
    await settle();
    expect(tasks.pluck('n')).toEqual([3, 2, 3]);
  });

  it('[TB38] when a save reaches another instance of its record does not stop the save', async () => {
    const { hub, tasks, backbone, medulla, reported } = await followed({ n: 1 });
    const other = new (backbone.Collection.extend({ url: '/tasks', follow: true }))();
    other.fetch();
    await settle();
    hub.rows([[1, 5, { n: 1 }]]);
    await settle();
    other.on('change', fail);
    tasks.at(0).save({ n: 2 });
    await settle();
    expect([other.pluck('n'), hub.mutations.length, reported.length]).toEqual([[2], 1, 1]);
    expect(medulla.stateOf(other.at(0)).changed).toEqual([]);
  });

  it('[TB38] when a late confirmation brings attributes has them all the same', async () => {
    const { hub, model, reported, medulla } = await followed({ n: 1 });
    hub.tell({ status: { connection: 'waiting', reason: 'unreachable' } });
    model.save({ n: 2 });
    await settle();
    hub.queued(hub.mutation(0));
    await settle();
    model.on('change', fail);
    hub.applied(hub.mutation(0), 6, { set: { made: 1 } });
    await settle();
    expect([model.get('made'), medulla.stateOf(model), reported.length]).toMatchObject([
      1,
      { state: 'clean', changed: [] },
      1,
    ]);
  });

  it('[TB38] leaves Backbone’s own trigger where it was', async () => {
    const { hub, tasks, backbone } = await followed({ n: 1 });
    const before = [backbone.Events.trigger, backbone.Model.prototype.trigger];
    tasks.on('change', () => {
      tasks.at(0).save({ m: 1 });
      fail();
    });
    hub.shows(1, { n: 2 });
    await settle();
    expect([backbone.Events.trigger, backbone.Model.prototype.trigger]).toEqual(before);
    expect(() => tasks.at(0).set({ n: 3 })).toThrow('mine');
  });
});

describe('the conversation with the hub', () => {
  it('[HS20] goes on to the next hub where a listener for status throws', async () => {
    const [one, host, clock] = [new HubDouble('one'), new HostDouble(), new VirtualClock()];
    host.add(one);
    const { medulla } = await openPage({ host }, one, clock);
    medulla.status.on('change:connection', fail);
    one.die();
    await settle();
    const next = new HubDouble('next');
    host.add(next);
    await clock.advance(60_000);
    expect([next.of('hello').length, medulla.isOpen]).toEqual([1, true]);
  });

  it('[HS20] takes everything up where a listener of the outbox throws', async () => {
    const [one, two, three] = [new HubDouble('one'), new HubDouble('two'), new HubDouble('three')];
    const host = new HostDouble(one, two, three);
    const { medulla, backbone, reported } = await openPage({ host }, one);
    const tasks = new (backbone.Collection.extend({ url: '/tasks', follow: true }))();
    tasks.fetch();
    medulla.outbox.on('remove', fail);
    await settle();
    one.rows([[1, 5, { n: 1 }]]);
    await settle();
    tasks.at(0).save({ n: 2 });
    await settle();
    const [mutation] = one.mutations;
    if (!mutation) throw new Error('Nothing was written');
    one.tell({ outbox: { items: [{ mutation, state: 'queued', attempts: 0, receipt: null }], gone: [] } });
    await settle();
    one.die();
    await settle();
    expect([medulla.outbox.length, reported.length]).toEqual([0, 1]);
    expect(two.of('read')).toHaveLength(1);
    two.die();
    await settle();
    expect(three.of('hello')[0]?.boot).toBe('two');
    expect(three.writes).toMatchObject([{ repeated: true }]);
  });
});
