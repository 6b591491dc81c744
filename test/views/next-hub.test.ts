import { expect, it } from 'vitest';
import { settle } from '../../src/testing/virtual-clock.ts';
import { HostDouble, HubDouble } from '../client/support/hub-double.ts';
import { openPage } from '../client/support/page.ts';

/** A page with a followed collection, fetched with these options, which its hub has answered with a and b; that hub dies. */
async function orphaned(options: object) {
  const [one, two] = [new HubDouble('one'), new HubDouble('two')];
  const page = await openPage({ host: new HostDouble(one, two) }, one);
  const tasks = new (page.backbone.Collection.extend({ url: '/tasks', follow: true }))();
  tasks.fetch(options);
  await settle();
  one.rows([
    ['a', 1, { done: false }],
    ['b', 2, { done: false }],
  ]);
  await settle();
  const [a, b] = tasks.models;
  const removed: unknown[] = [];
  tasks.on('remove destroy', (model: unknown, _collection: unknown, { remote }: { remote: boolean }) =>
    removed.push(model, remote),
  );
  one.die();
  await settle();
  return { ...page, two, tasks, a, b, removed };
}

it('[QV7] asks the next hub its query, and has what the server chooses now', async () => {
  const { two, tasks, a, b, removed, medulla } = await orphaned({ data: { done: false } });
  expect(two.of('read')).toMatchObject([{ topic: '/tasks', query: { done: false }, cache: 'network' }]);
  b.set({ title: 'edited' });
  two.rows([['c', 3, { done: false }]]);
  await settle();
  expect([tasks.pluck('id'), removed]).toEqual([
    ['b', 'c'],
    [a, true],
  ]);
  // It is not what was asked for, and is there all the same.
  expect([a.isNew(), medulla.stateOf(a).state, a.url()]).toEqual([false, 'clean', '/tasks/a']);
  a.save({ done: true });
  await settle();
  expect(two.mutation(0)).toMatchObject({ record: 'a', method: 'update', base: 1 });
});

it('[QV6] judges what the next hub shows by its where', async () => {
  const { two, tasks } = await orphaned({ where: { done: false } });
  expect(two.of('read')).toMatchObject([{ topic: '/tasks' }]);
  two.rows([
    ['a', 4, { done: true }],
    ['c', 5, { done: false }],
    ['d', 6, { done: true }],
  ]);
  await settle();
  expect(tasks.pluck('id')).toEqual(['c']);
});

it('[QV8] tells the hub that it knows itself what belongs', async () => {
  const { two } = await orphaned({ data: { done: false }, where: { done: false } });
  expect(two.of('read')).toMatchObject([{ query: { done: false }, pending: true }]);
});
