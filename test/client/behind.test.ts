import { expect, it } from 'vitest';
import { settle } from '../../src/testing/virtual-clock.ts';
import { HostDouble, HubDouble } from './support/hub-double.ts';
import { openPage } from './support/page.ts';

/** A page of /tasks that one hub has shown version 9, and another, whose disk is behind, takes over. */
async function takenOver() {
  const one = new HubDouble('one');
  const two = new HubDouble('two');
  const { backbone } = await openPage({ host: new HostDouble(one, two) }, one);
  const tasks = new (backbone.Collection.extend({ url: '/tasks', follow: true }))();
  tasks.fetch();
  await settle();
  one.rows([[1, 9, { title: 'Newest', note: 'Newest' }]]);
  await settle();
  const changes: unknown[] = [];
  tasks.on('change remove', ({ attributes }: { attributes: object }) => changes.push({ ...attributes }));
  one.die();
  await settle();
  return { two, tasks, changes };
}

const value = (more: object) => ({
  values: [{ topic: '/tasks', record: 1, version: 5, state: 'pending', ...more } as never],
});

it('[NF2] takes of a hub that is behind what pending writes touch, and nothing older', async () => {
  const { two, tasks, changes } = await takenOver();
  two.tell(value({ attrs: { title: 'Old', note: 'Pending' }, only: ['note'] }));
  two.tell(value({ attrs: { title: 'Old' }, state: 'clean', only: [] }));
  two.tell(value({ attrs: null, version: 0, state: 'clean', only: [] }));
  await settle();
  expect(changes).toEqual([{ id: 1, title: 'Newest', note: 'Pending' }]);
  // Caught up, it is believed: the server may have another database.
  two.tell(value({ attrs: { title: 'Restored' } }));
  await settle();
  expect(tasks.at(0)?.attributes).toEqual({ id: 1, title: 'Restored' });
});

it('[NF2] asks the server by way of the next hub, and where that cannot say yet, once it can', async () => {
  const { two, changes } = await takenOver();
  expect(two.of('read')).toMatchObject([{ cache: 'network' }]);
  two.rows([[1, 5, { title: 'Old', note: 'Old' }]], 'replica', true);
  await settle();
  expect(changes).toEqual([]);
  two.tell({ topics: [{ topic: '/tasks' as never, loaded: true, synced: true }] });
  await settle();
  expect(two.of('read')).toHaveLength(2);
  two.rows([[1, 10, { title: 'Server', note: 'Server' }]]);
  await settle();
  expect(changes).toEqual([{ id: 1, title: 'Server', note: 'Server' }]);
});

it('[RP9] keeps nothing that the hub before had shown, where the next is told that it is forbidden', async () => {
  const { two, tasks } = await takenOver();
  two.fail('forbidden');
  await settle();
  expect(tasks.length).toBe(0);
});

it('[RP9] keeps nothing of it either, where the next hub can ask the server only later, and is told so then', async () => {
  const { two, tasks } = await takenOver();
  two.fail('unreachable');
  const refused = { code: 'forbidden' as const, message: 'no' };
  two.tell({ topics: [{ topic: '/tasks' as never, loaded: false, synced: false, refused }] });
  await settle();
  expect(two.of('read')).toHaveLength(2);
  two.fail('forbidden');
  await settle();
  expect(tasks.length).toBe(0);
});

it('[NF2] asks again, too, where the next hub has nothing and cannot ask the server yet: what is gone, goes', async () => {
  const { two, tasks } = await takenOver();
  two.fail('unreachable');
  await settle();
  expect(tasks.length).toBe(1);
  two.tell({ topics: [{ topic: '/tasks' as never, loaded: true, synced: true }] });
  await settle();
  expect(two.of('read')).toHaveLength(2);
  two.rows([]);
  await settle();
  expect(tasks.length).toBe(0);
});

/** A page that follows one record of /tasks, which one hub has shown it, and another hub that takes over. */
async function takenOverAlone() {
  const one = new HubDouble('one');
  const two = new HubDouble('two');
  const { backbone } = await openPage({ host: new HostDouble(one, two) }, one);
  const task = new (backbone.Model.extend({ urlRoot: '/tasks', follow: true }))({ id: 1 });
  task.fetch();
  await settle();
  one.rows([[1, 9, { title: 'Newest' }]]);
  await settle();
  const ends: unknown[] = [];
  task.on('destroy', () => ends.push('destroy'));
  one.die();
  await settle();
  return { two, task, ends };
}

it.each([
  ['forbidden', ['destroy']],
  ['not-found', ['destroy']],
  ['unreachable', []],
])(
  '[NF2] tells a record that is followed alone of its end, where the next hub says %s',
  async (code, end) => {
    const { two, ends } = await takenOverAlone();
    two.fail(code);
    await settle();
    expect(ends).toEqual(end);
  },
);

it('[NF2] leaves a record that is followed alone and written to, to the server’s word on the write', async () => {
  const { two, task, ends } = await takenOverAlone();
  task.save({ title: 'Newer' });
  await settle();
  two.fail('not-found');
  await settle();
  expect([ends, task.get('title')]).toEqual([[], 'Newer']);
});
