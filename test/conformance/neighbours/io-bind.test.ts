import { expect, it } from 'vitest';
import { open } from './world.ts';

it('[NB-01] one model is listened on before it has an id, under the id that it gets, until its destroy', async () => {
  const { backbone, medulla, server, settle } = await open({ ids: 'server' });
  const task = new (backbone.Model.extend({ urlRoot: '/tasks' }))({ title: 'two' });
  const heard: unknown[] = [];
  task.on('task:renamed', (model: unknown) => heard.push(['renamed', model === task]));
  medulla.follow(task, {
    events: { update: 'task:renamed', delete: () => heard.push('deleted') },
  });
  task.save();
  await settle();
  expect([task.isNew(), heard]).toEqual([false, []]);
  await server.publish('/tasks', { record: task.id, set: { title: 'zwei' } });
  await server.publish('/tasks', { record: 1, set: { title: 'eins' } });
  await settle();
  expect([task.get('title'), heard.splice(0)]).toEqual(['zwei', [['renamed', true]]]);
  const { id } = task;
  task.destroy();
  await settle();
  await server.publish('/tasks', { record: id, set: { title: 'back' } });
  await settle();
  expect([task.get('title'), heard]).toEqual(['zwei', []]);
});

it('[NB-01] the end that others make of it is told once, and ends the listening', async () => {
  const { backbone, medulla, server, settle } = await open();
  const task = new (backbone.Model.extend({ urlRoot: '/tasks' }))({ id: 1 });
  const heard: unknown[] = [];
  medulla.follow(task, {
    events: { update: () => heard.push('updated'), delete: () => heard.push('deleted') },
  });
  await settle();
  heard.length = 0;
  await server.publish('/tasks', { record: 1, deleted: true });
  await settle();
  await server.publish('/tasks', { record: 1, set: { title: 'back' } });
  await settle();
  expect(heard).toEqual(['deleted']);
});
