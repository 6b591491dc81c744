import { expect, it } from 'vitest';
import type { Request } from '../../src/client/calls/request.ts';
import { settle } from '../../src/testing/virtual-clock.ts';
import { requestOf } from './support/backbone-request.ts';
import { HostDouble, HubDouble } from './support/hub-double.ts';
import { followed, openPage } from './support/page.ts';

it('[TB10] leaves its attributes unsaved behind writes of a record that nobody has shown yet', async () => {
  const { hub, tasks, medulla } = await followed({ title: 'Old' });
  const task = tasks.add({ id: 'k' });
  task.save({ title: 'One' }, { wait: true });
  task.save({ title: 'Two' });
  task.save({ title: 'Three', note: 'N' }, { patch: true, queue: false });
  await settle();
  hub.failed(3, 'unreachable');
  await settle();
  const { changed } = medulla.stateOf(task);
  expect(changed).toEqual(['title', 'note']);
  hub.shows('k', { title: 'Two' }, 0, 'pending');
  await settle();
  expect(task.attributes).toEqual({ id: 'k', title: 'Three', note: 'N' });
  expect(medulla.stateOf(task).changed).toEqual(changed);
});

it('[TB12] leaves what waits unsaved where the hub has shown it by then, with what was typed before', async () => {
  const { hub, model, medulla } = await followed({ title: 'Old', note: 'Old' });
  model.set({ title: 'typed' });
  const request = requestOf(model.save({ note: 'New' }, { wait: true }));
  await settle();
  const attrs = { title: 'typed', note: 'New' };
  hub.shows(1, attrs, 5, 'pending');
  await settle();
  request.abort();
  hub.failed(1, 'abort');
  await settle();
  expect(model.attributes).toEqual({ id: 1, ...attrs });
  expect(medulla.stateOf(model).changed).toEqual(['title', 'note']);
});

/** A batch of two saves, the second of which waits and is taken back before the first has its 202, or after. */
async function batchOfTwo(isBefore: boolean) {
  const { hub, tasks, model, medulla } = await followed({ title: 'Old' });
  tasks.add({ id: 2 });
  const told: unknown[] = [];
  model.on('medulla:rejected', () => told.push('rejected'));
  model.on('error', (_model: unknown, _request: unknown, { late }: { late?: boolean }) =>
    told.push({ late }),
  );
  const calls: Request[] = [];
  medulla.batch(() => {
    calls.push(requestOf(model.save({ title: 'New' })));
    calls.push(requestOf(tasks.get(2).save({ title: 'Two' }, { wait: true })));
  });
  await settle();
  if (isBefore) calls[1]?.abort();
  hub.tell({ status: { connection: 'waiting', reason: 'unreachable' } });
  hub.queued(...hub.mutations);
  await settle();
  if (!isBefore) calls[1]?.abort();
  expect(calls.map(({ status, statusText }) => [status, statusText])).toEqual([
    [202, 'Accepted'],
    [0, 'abort'],
  ]);
  return { hub, model, told, stateOf: () => medulla.stateOf(model) };
}

it.each([true, false])(
  '[BA20] tells the others of its batch how that ends, where it stands; taken back before their 202: %s',
  async (isBefore) => {
    const { hub, model, told } = await batchOfTwo(isBefore);
    for (const mutation of hub.mutations) hub.refused(mutation);
    await settle();
    expect(told).toEqual(['rejected', { late: true }]);
    expect(model.get('title')).toBe('Old');
  },
);

it.each([true, false])(
  '[BA20] leaves what goes with it unsaved, and tells it; before its 202: %s',
  async (isBefore) => {
    const { hub, told, stateOf } = await batchOfTwo(isBefore);
    for (const n of [1, 2]) hub.failed(n, 'abort');
    await settle();
    expect(told).toEqual(['rejected', { late: true }]);
    expect(stateOf()).toMatchObject({ changed: ['title'], error: { code: 'abort' } });
  },
);

it('[HS7] goes to the next hub to be withdrawn, before what was written since: the hub before may wake and send it', async () => {
  const [one, two] = [new HubDouble('one'), new HubDouble('two')];
  const { backbone } = await openPage({ host: new HostDouble(one, two) }, one);
  const task = new (backbone.Model.extend({ urlRoot: '/tasks' }))({ id: 1, title: 'Old' });
  const request = requestOf(task.save({ title: 'One' }));
  task.save({ title: 'Two' });
  await settle();
  request.abort();
  one.die();
  await settle();
  const [back, since] = one.writes.map((write) => ({ ...write, repeated: true }));
  expect(two.writes).toEqual([{ ...back, queue: false }, since]);
});
