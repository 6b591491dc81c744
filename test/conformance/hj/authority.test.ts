import { afterEach, describe, expect, it } from 'vitest';
import { sharedModels } from '../../../src/models.ts';
import { testMedulla } from '../../../src/testing.ts';
import { freshBackbone } from '../../support/fresh-backbone.ts';

let end: (() => Promise<void>) | undefined;
afterEach(() => end?.());

async function page(properties: object = {}) {
  const backbone = freshBackbone();
  const { Model, Collection } = sharedModels(backbone);
  const world = testMedulla(backbone, {
    resources: { '/tasks': { public: true } },
    records: { '/tasks': [{ id: 1, title: 'One', left: 3 }] },
  });
  end = world.close;
  // The server makes something else of what is asked for.
  world.server.use('create', 'update', 'patch', async (ctx, next) => {
    if (ctx.set.title) ctx.set = { ...ctx.set, title: `${ctx.set.title}`.replace(/!?$/, '!') };
    await next();
  });
  const Task = Model.extend(properties) as typeof Model;
  const Tasks = Collection.extend({ model: Task, url: '/tasks' }) as typeof Collection;
  const tasks = new Tasks();
  await tasks.fetch();
  const task = tasks.get(1) as InstanceType<typeof Model>;
  return { ...world, world, tasks, task };
}

const titles = (task: { on(name: string, fn: (model: { get(name: string): unknown }) => void): unknown }) => {
  const list: unknown[] = [];
  task.on('change:title', (model) => list.push(model.get('title')));
  return list;
};

describe('who sets first', () => {
  it('[HJ-11] both do by default: the model at once, and what comes back of it sets off nothing more', async () => {
    const { task, settle, server } = await page();
    const changes = titles(task);
    task.on('change', () => task.save());
    let writes = 0;
    server.use('update', 'patch', async (_ctx, next) => {
      writes++;
      await next();
    });
    task.save({ title: 'Two' });
    expect(task.get('title')).toBe('Two');
    await settle();
    expect([changes, writes]).toEqual([['Two', 'Two!'], 2]);
  });

  it('[HJ-12] the server does where a class is authoritative: nothing changes before it has said what it made of it', async () => {
    const { task, tasks, settle, server } = await page({ authoritative: true });
    const changes = titles(task);
    (task as unknown as { save(name: string, value: unknown): void }).save('title', 'Two');
    tasks.create({ id: 2, title: 'New' });
    expect([task.get('title'), tasks.length]).toEqual(['One', 1]);
    await settle();
    expect([changes, tasks.pluck('title')]).toEqual([['Two!'], ['Two!', 'New!']]);
    server.refuse(() => 'Not now');
    task.save({ title: 'Three' });
    task.destroy();
    expect(tasks.length).toBe(2);
    await settle();
    expect([changes, tasks.length]).toEqual([['Two!'], 2]);
  });

  it('[HJ-12] setServer asks for one change of any model, and unsetServer for an attribute to go; what is edited beside it stays', async () => {
    const { task, settle, server } = await page();
    task.set({ note: 'typed' });
    task.setServer({ title: 'Two' });
    expect(task.get('title')).toBe('One');
    await settle();
    expect(task.toJSON()).toEqual({ id: 1, title: 'Two!', left: 3, note: 'typed' });
    expect(await server.rows('/tasks')).toEqual([{ id: 1, title: 'Two!', left: 3 }]);
    task.unset('note');
    task.setServer('title', 'Three');
    await settle();
    task.unsetServer('left');
    expect(task.get('left')).toBe(3);
    await settle();
    expect(task.toJSON()).toEqual({ id: 1, title: 'Three!' });
    expect(await server.rows('/tasks')).toEqual([{ id: 1, title: 'Three!' }]);
  });

  it('[HJ-13] one or the other by call', async () => {
    const first = await page({ authoritative: true });
    first.task.save({ title: 'Two' }, { wait: false });
    expect(first.task.get('title')).toBe('Two');
    await first.close();
    const second = await page();
    second.task.save({ title: 'Two' }, { wait: true });
    expect(second.task.get('title')).toBe('One');
    await second.settle();
    expect(second.task.get('title')).toBe('Two!');
  });

  it('[MO3] takes Backbone, and nothing else', () => {
    expect(() => sharedModels({} as never)).toThrow(expect.objectContaining({ code: 'bad-option' }));
    expect(sharedModels({ default: freshBackbone() } as never).Model).toBeTypeOf('function');
  });
});
