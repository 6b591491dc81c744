import { expect, it } from 'vitest';
import { Refusal } from '../../../src/testing.ts';
import { open } from '../neighbours/world.ts';

it('[BK-01] [BB7] what is written to keeps its place in a fetch, offline, refused, and after a reload', async () => {
  const records = { '/tasks': [1, 2, 3].map((id) => ({ id, title: `number ${id}` })) };
  const { tasks, line, server, settle, reload, backbone } = await open({ records });
  tasks.fetch();
  await settle();
  const events: string[] = [];
  const order = (all = tasks) => all.map(({ id }) => id);
  server.refuse(({ set }) => set.title === 'no');
  tasks.at(1).save({ title: 'no' });
  await settle();
  line.cut();
  await settle();
  tasks.at(0).save({ title: 'offline' });
  tasks.create({ id: 9, title: 'new' });
  await settle();
  tasks.on('all', (name: string) => events.push(name));
  tasks.fetch();
  await settle();
  expect([order(), events.includes('sort')]).toEqual([[1, 2, 3, 9], false]);
  await reload();
  const anew: typeof tasks = new (backbone.Collection.extend({ url: '/tasks' }))();
  anew.fetch();
  await settle();
  expect(order(anew)).toEqual([1, 2, 3, 9]);
  expect(anew.at(0).get('title')).toBe('offline');
});

it('[BB8] a record that could not be read for a while is in the next fetch of all, and after a reload', async () => {
  const records = { '/tasks': [1, 2, 3].map((id) => ({ id, title: `number ${id}` })) };
  const { tasks, server, settle, reload, backbone } = await open({ records });
  let refused = true;
  server.use('read', async ({ record }, next) => {
    if (refused && record === 2) throw new Refusal('Not now');
    await next();
  });
  tasks.fetch();
  await settle();
  tasks.get(2).fetch();
  await settle();
  refused = false;
  await server.publish('/tasks', { record: 1, set: { title: 'changed' } });
  await reload();
  const anew: typeof tasks = new (backbone.Collection.extend({ url: '/tasks' }))();
  anew.fetch();
  await settle();
  expect(anew.map((task) => task.get('title'))).toEqual(['changed', 'number 2', 'number 3']);
});
