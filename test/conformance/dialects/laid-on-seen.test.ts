import type Backbone from 'backbone';
import { expect, it } from 'vitest';
import { until } from '../../support/until.ts';
import { ground, promised } from '../support/ground.ts';
import { ScriptedServer } from './scripted-server.ts';
import { NativeServer } from './websocket-server.ts';

const EVENTS = { name: 'events' };

it('[DW10] lays what was written offline on what its author had seen, over a reload too, and asks for no record', async () => {
  const server = new ScriptedServer();
  const { world, medulla, collection } = await ground(server, EVENTS);
  const posts = collection('/posts');
  const fetched = promised(posts.fetch());
  const { event, say } = await server.next();
  say(event, { success: true, data: [{ id: 1, title: 'One', body: 'Long' }] });
  await fetched;
  await server.stop();
  await until(() => medulla.status.get('connection') !== 'open');
  const [post] = posts.models as [Backbone.Model];
  post.save({ title: 'Two' });
  post.save({ title: 'Three', tags: ['a'] });
  await until(() => medulla.status.get('pending') === 2);
  await world.end();
  await server.start();
  world.tab();
  const first = await server.next();
  expect([first.event, first.content]).toEqual(['posts:1:update', { id: 1, title: 'Two', body: 'Long' }]);
  first.say(first.event, { success: true });
  const second = await server.next();
  expect(second.content).toEqual({ id: 1, title: 'Three', body: 'Long', tags: ['a'] });
});

it('[DW10] lays it on what is known here where that is newer', async () => {
  const server = new NativeServer();
  const { collection } = await ground(server, { name: 'websocket' });
  server.put('/tasks', { id: 1, title: 'One', body: 'Short' });
  const tasks = collection('/tasks', { follow: true });
  await promised(tasks.fetch());
  const [task] = tasks.models as [Backbone.Model];
  task.set({ title: 'Two' });
  server.put('/tasks', { id: 1, body: 'Long' });
  await until(() => task.get('body') === 'Long');
  await promised(task.save());
  expect(server.heard.at(-1)).toMatchObject({ method: 'update', title: 'Two', body: 'Long' });
});

it('[DW10] sends to a server that answers nothing what there is', async () => {
  const server = new NativeServer();
  const { backbone } = await ground(server, { name: 'websocket', answers: 'none' });
  const Task = backbone.Model.extend({ urlRoot: '/tasks' });
  await promised(new Task({ id: 7, title: 'One' }).save({ done: true }));
  await until(() => server.heard.length === 1);
  expect(server.heard[0]).toMatchObject({
    method: 'update',
    url: '/tasks/7',
    id: 7,
    title: 'One',
    done: true,
  });
});
