import { describe, expect, it } from 'vitest';
import { open, requestOf, somebodyElse, tasksOf } from './world.ts';

describe('who comes from an adapter of localStorage, IndexedDB or Pouch', () => {
  it('[NB-03] calls the stock sync where the call or the class says so', async () => {
    const { backbone, tasks, server } = await open();
    const asked: unknown[] = [];
    backbone.ajax = ((settings: { url: string; type: string }) =>
      asked.push([settings.type, settings.url])) as unknown as typeof backbone.ajax;
    tasks.create({ id: 5, title: 'five' }, { ajaxSync: true } as object);
    const { ajaxSync } = backbone as unknown as { ajaxSync: object };
    tasksOf(backbone, { sync: ajaxSync }).fetch();
    expect(asked).toEqual([
      ['PUT', '/tasks/5'],
      ['GET', '/tasks'],
    ]);
    expect(await server.rows('/tasks')).toHaveLength(1);
  });

  it('[NB-03] keeps its own idAttribute, on the server too', async () => {
    const { backbone, server, settle } = await open();
    const tasks = tasksOf(backbone, { model: backbone.Model.extend({ idAttribute: '_id' }) });
    tasks.fetch();
    await settle();
    const task = tasks.create({ _id: 'b', title: 'two' });
    await settle();
    expect(tasks.map((one) => [one.id, one.get('_id')])).toEqual([
      [1, 1],
      ['b', 'b'],
    ]);
    task.save({ title: 'zwei' });
    await settle();
    expect(await server.rows('/tasks')).toEqual([
      { id: 1, title: 'one' },
      { id: 'b', title: 'zwei' },
    ]);
  });

  it('[NB-03] waits for a promise, which can be aborted', async () => {
    const { tasks, line, medulla, server, settle } = await open();
    expect(await requestOf(tasks.fetch())).toEqual([{ id: 1, title: 'one' }]);
    line.cut();
    await settle();
    const request = requestOf(tasks.at(0).save({ title: 'uno' }, { wait: true }));
    const failed = request.catch(({ code }: { code: string }) => code);
    await settle();
    request.abort();
    await settle();
    expect([await failed, medulla.status.get('pending')]).toEqual(['abort', 0]);
    line.mend();
    await settle();
    expect(await server.rows('/tasks')).toEqual([{ id: 1, title: 'one' }]);
  });

  it('[NB-03] is fed with the changes that others make: added, set and removed', async () => {
    const world = await open();
    const { tasks, settle, medulla } = world;
    medulla.follow(tasks);
    await settle();
    const theirs = await somebodyElse(world);
    const [task] = tasks.models;
    const fed: unknown[] = [];
    const names = 'add change remove reset';
    tasks.on(names, (model: { id: unknown }, ...rest: { remote?: boolean }[]) =>
      fed.push([model.id, rest.at(-1)?.remote]),
    );
    theirs.create({ id: 2, title: 'two' });
    await settle();
    theirs.get(1).save({ title: 'uno' });
    await settle();
    theirs.get(2).destroy();
    await settle();
    expect(fed).toEqual([
      [2, true],
      [1, true],
      [2, true],
    ]);
    expect([tasks.models, task?.get('title')]).toEqual([[task], 'uno']);
  });
});
