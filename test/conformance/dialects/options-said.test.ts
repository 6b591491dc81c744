import Backbone from 'backbone';
import { type Context, testMedulla } from 'backbone-medulla/testing';
import { expect, it, onTestFinished } from 'vitest';

function begin() {
  const world = testMedulla(Backbone, { resources: { '/tasks': { public: true } } });
  onTestFinished(world.close);
  const said: [string, unknown][] = [];
  world.server.use(async (ctx: Context, next) => {
    said.push([ctx.method, ctx.options]);
    await next();
  });
  const Task = Backbone.Model.extend({ urlRoot: '/tasks' });
  const Tasks = Backbone.Collection.extend({ url: '/tasks', model: Task });
  return { world, said, tasks: new Tasks() };
}

it("[DI21] what a call says beside Backbone's own options reaches the server, of writes and of reads", async () => {
  const { world, said, tasks } = begin();
  const cyclic: { self?: unknown } = {};
  cyclic.self = cyclic;
  const own = { colour: 'red', deep: { list: [1, 2] }, quiet: true };
  const more = { ...own, cyclic, fn: () => 1, headers: { 'X-One': '1' } };
  const seen = { ...own, headers: { 'X-One': '1' } };
  const task = tasks.create({ title: 'A' }, more as object) as Backbone.Model;
  await world.settle();
  task.save({ title: 'B' }, {
    beforeSend: (request: never) =>
      (request as { setRequestHeader(...pair: string[]): void }).setRequestHeader('X-Two', '2'),
  } as object);
  await world.settle();
  tasks.fetch(more as object);
  await world.settle();
  tasks.fetch({ ...more, data: { done: true } } as object);
  await world.settle();
  task.destroy(own as object);
  await world.settle();
  expect(said).toEqual([
    ['create', seen],
    ['update', { headers: { 'X-Two': '2' } }],
    ['read', seen],
    ['read', seen],
    ['delete', own],
  ]);
});

it('[DI21] says nothing where a call says nothing, and carries the query of a write', async () => {
  const { world, said, tasks } = begin();
  const task = tasks.create({ title: 'A' }, { wait: true, silent: true }) as Backbone.Model;
  await world.settle();
  const Queried = Backbone.Model.extend({ url: `/tasks/${task.id}?force=true` });
  new Queried({ id: task.id }).destroy();
  await world.settle();
  expect(said).toEqual([
    ['create', {}],
    ['delete', { query: { force: 'true' } }],
  ]);
});

it('[DI21] writes that say different things are not folded into one', async () => {
  const { world, said, tasks } = begin();
  world.line.cut();
  const task = tasks.create({ title: 'A' }, { colour: 'red' } as object) as Backbone.Model;
  task.save({ title: 'B' }, { colour: 'red' } as object);
  task.save({ title: 'C' }, { colour: 'blue' } as object);
  await world.clock.turn(100);
  world.line.mend();
  await world.settle();
  expect(said).toEqual([
    ['create', { colour: 'red' }],
    ['update', { colour: 'blue' }],
  ]);
  expect(await world.server.rows('/tasks')).toMatchObject([{ title: 'C' }]);
});
