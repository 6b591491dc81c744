import type Backbone from 'backbone';
import { expect, it } from 'vitest';
import { backendSurface } from '../../../src/client/surfaces/io/backend-surface.ts';
import { until } from '../../support/until.ts';
import { BackboneIoServer } from '../dialects/backboneio-server.ts';
import { another, type Ground, ground, promised } from '../support/ground.ts';

const BACKBONEIO = { name: 'backboneio' };

interface Backends extends Ground {
  readonly server: BackboneIoServer;
}

/** A tab whose hub speaks to a server of Backbone.IO with the backends tasks and users. */
async function open(): Promise<Backends> {
  const server = new BackboneIoServer('tasks', 'users');
  return { ...(await ground(server, BACKBONEIO)), server };
}
const followed = { follow: true };

it('[IO-02] [IO-26] has a backend at `/name` and a channel of it at `/name/channel`, whose clients alone hear it', async () => {
  const { server, collection } = await open();
  const [red, all] = [collection('/tasks/red', followed), collection('/tasks', followed)];
  await Promise.all([promised(red.fetch()), promised(all.fetch())]);
  const other = await another(server, BACKBONEIO);
  const theirs = other.collection('/tasks/red');
  theirs.create({ title: 'In red' });
  await until(() => red.length === 1);
  expect([red.pluck('title'), all.length]).toEqual([['In red'], 0]);
  expect(
    server.heard
      .filter(([event]) => event === 'listen')
      .map(([, channel]) => channel)
      .sort(),
  ).toEqual([null, 'red', 'red']);
});

it('[IO-04] carries many backends over one connection', async () => {
  const { server, collection } = await open();
  await Promise.all(['/tasks', '/users'].map((url) => promised(collection(url, followed).fetch())));
  expect(server.sockets).toBe(1);
});

it('[IO-05] keeps requests until there is a connection, over a reload too', async () => {
  const { server, world, collection, medulla } = await open();
  await server.stop();
  await until(() => medulla.status.get('connection') !== 'open');
  collection('/tasks').create({ title: 'Written in a tunnel' });
  await until(() => medulla.status.get('pending') === 1);
  await world.end();
  await server.start();
  world.tab();
  await until(() => server.records('/tasks').length === 1);
  expect(server.records('/tasks')).toMatchObject([{ title: 'Written in a tunnel' }]);
});

it('[IO-06] hands the options of a call on to the server, but for its callbacks', async () => {
  const { server, collection } = await open();
  const tasks = collection('/tasks');
  const success = () => undefined;
  await promised(tasks.fetch({ data: { page: 2 }, tone: 'low', success } as object));
  const task = tasks.create({ title: 'One' }, { tone: 'loud', success } as object) as Backbone.Model;
  await until(() => task.id === 1);
  const options = server.heard.flatMap(([event, request]) => (event === 'sync' ? [request] : []));
  expect(options).toMatchObject([
    { method: 'read', options: { tone: 'low', data: { page: 2 } } },
    { method: 'create', options: { tone: 'loud' } },
  ]);
  expect(JSON.stringify(options)).not.toMatch(/success|error|collection/);
});

it('[IO-07] calls success with the response, and error with what was called back', async () => {
  const { server, collection } = await open();
  const task = collection('/tasks').create({ title: 'One' }) as Backbone.Model;
  await until(() => task.id === 1);
  expect(await promised(task.save({ title: 'Two' }))).toMatchObject({ id: 1, title: 'Two', revision: 2 });
  server.refuse('Not that title');
  await expect(promised(task.save({ title: 'Three' }))).rejects.toThrow('Not that title');
});

it('[IO-08] [IO-11] [IO-24] shows what others create, update and delete; never its own echo', async () => {
  const { server, collection } = await open();
  const tasks = collection('/tasks', followed);
  await promised(tasks.fetch());
  const theirs = (await another(server, BACKBONEIO)).collection('/tasks', followed);
  await promised(theirs.fetch());
  const heard: string[] = [];
  for (const event of ['add', 'change', 'remove']) tasks.on(event, () => heard.push(event));
  const task = theirs.create({ title: 'One' }) as Backbone.Model;
  await until(() => tasks.length === 1);
  await promised(task.save({ title: 'Two' }));
  await until(() => tasks.at(0).get('title') === 'Two');
  await promised(task.destroy({ wait: true }));
  await until(() => tasks.length === 0);
  expect(heard).toEqual(['add', 'change', 'remove']);
});

it('[IO-13] listens again after a reconnect, and has what was missed', async () => {
  const { server, collection, medulla } = await open();
  const tasks = collection('/tasks', followed);
  await promised(tasks.fetch());
  await server.stop();
  await until(() => medulla.status.get('connection') !== 'open');
  server.put('/tasks', { id: 5, title: 'Missed' });
  await server.start();
  medulla.open();
  await until(() => tasks.length === 1);
  server.put('/tasks', { id: 6, title: 'Told' });
  await until(() => tasks.length === 2);
});

it("[IO-08] [IO-11] [IO-17] has the ways of Backbone.IO over it too, and methods of the application's own", async () => {
  const { server, backbone, medulla } = await open();
  backendSurface(backbone, {}, { medulla, page: () => 'http://localhost/', report: () => undefined });
  const Tasks = backbone.Collection.extend({ backend: 'tasks' });
  const tasks = new Tasks() as Backbone.Collection & { bindBackend(): void };
  const heard: unknown[][] = [];
  tasks.on('backend', (...args: unknown[]) => heard.push(args));
  tasks.bindBackend();
  await promised(tasks.fetch());
  const theirs = (await another(server, BACKBONEIO)).collection('/tasks');
  const task = theirs.create({ title: 'One' }) as Backbone.Model;
  await until(() => heard.length === 1);
  expect([heard, tasks.pluck('title')]).toEqual([
    [['create', { id: 1, title: 'One', revision: 1 }]],
    ['One'],
  ]);
  const archived = promised(tasks.sync('archive', tasks.at(0), { tone: 'low' } as object));
  expect(await archived).toMatchObject({ id: 1, title: 'One' });
  const [, request] = server.heard.at(-1) ?? [];
  expect(request).toEqual({ method: 'archive', model: tasks.at(0).toJSON(), options: { tone: 'low' } });
  expect(task.id).toBe(1);
  server.say('tasks', 'synced', 'shelve', { id: 1 });
  await until(() => heard.length === 2);
  expect(heard[1]).toEqual(['shelve', { id: 1 }]);
});
