import { describe, expect, it } from 'vitest';
import { createRegistry, exportState, importState } from '../../../src/models.ts';
import { testMedulla } from '../../../src/testing.ts';
import { freshBackbone } from '../../support/fresh-backbone.ts';
import { appModels } from './app-models.ts';

const page = (url = '/tasks') => {
  const backbone = freshBackbone();
  const registry = createRegistry();
  const { App, Task: Plain, Team } = appModels(backbone);
  const Task = registry.unique(Plain);
  class Tasks extends backbone.Collection {
    override model = Task;
    override url = () => url;
  }
  return { backbone, registry, App, Task, Team, Plain, Tasks };
};

describe('the registry', () => {
  it('[HJ-04] [HJ-07] knows what an import made, by id', () => {
    const { registry, App } = page();
    const app = new App();
    app.tasks.add({ id: 'a', title: 'One' });
    const there = importState(new App(), exportState(app), { registry });
    expect(registry.get('a')).toBe(there.tasks.at(0));
    expect(registry.get('/tasks')).toBe(there.tasks);
  });

  it('[HJ-07] has one instance for each record, which what the server tells finds', async () => {
    const { backbone, registry, Task, Tasks } = page();
    const world = testMedulla(backbone, {
      resources: { '/tasks': { public: true } },
      records: { '/tasks': [{ id: 1, title: 'One' }] },
    });
    const [all, some] = [new Tasks(), new Tasks()];
    world.medulla.follow(all).follow(some, { where: { title: 'One' } });
    await world.settle();
    const one = all.get(1);
    expect([some.get(1), registry.get(1), new Task({ id: 1 })]).toEqual([one, one, one]);
    expect(some.get(1)).toBe(one);
    one.set({ mine: 'typed' });
    const third = new Tasks();
    await third.fetch();
    expect(third.get(1)).toBe(one);
    const changes: unknown[] = [];
    registry.get(1)?.on('change', (model: { changed: unknown }) => changes.push(model.changed));
    await world.server.publish('/tasks', { record: 1, set: { title: 'Uno' } });
    await world.settle();
    expect(changes).toEqual([{ title: 'Uno' }]);
    // What is edited stays where it is, in every collection that has the one.
    expect([one.get('mine'), some.length, all.length]).toEqual(['typed', 1, 1]);
    expect(world.medulla.stateOf(one)).toMatchObject({ state: 'clean', changed: ['mine'] });
    one.save();
    await world.settle();
    expect([some.length, all.length]).toEqual([0, 1]);
    await world.close();
  });

  it('[HJ-07] [MO2] leaves what extends a unique class as it is, by extend and as a class', () => {
    const { registry, backbone } = page();
    const Task = registry.unique(backbone.Model.extend({})) as typeof backbone.Model;
    const one = new Task({ id: 1, title: 'One' });
    class Urgent extends Task {}
    for (const Other of [Urgent, Task.extend({}) as typeof Task]) {
      const other = new Other({ id: 1, title: 'Other' });
      expect([other instanceof Other, other === one, one.get('title')]).toEqual([true, false, 'One']);
    }
  });

  it('[MO1] has nothing imported in its unique models either, where a part of the state does not fit', () => {
    const { Task, Tasks } = page();
    const one = new Task({ id: 1, title: 'One' });
    const sly = JSON.parse('{"__proto__": 1}');
    const models = [{ id: 1, title: 'Other' }, sly].map((attributes, at) => ({
      id: at + 1,
      cid: '',
      attributes,
    }));
    expect(() => importState(new Tasks(), { id: null, models })).toThrow(/models\[1\]/);
    expect(one.get('title')).toBe('One');
  });

  it('[HJ-09] goes with change:id, of ids that the server gives', async () => {
    const { backbone, registry, Task } = page();
    const world = testMedulla(backbone, { resources: { '/tasks': { public: true, id: 'uuid' } } });
    const task = new Task({ title: 'One' });
    Object.assign(task, { ids: 'server', urlRoot: '/tasks' });
    expect(registry.get('undefined')).toBeUndefined();
    task.save();
    await world.settle();
    expect(task.id).toMatch(/^[\da-f]{8}-/);
    expect(registry.get(task.id)).toBe(task);
    const before = task.id;
    task.set({ id: 'other' });
    expect([registry.get(before), registry.get('other')]).toEqual([undefined, task]);
    await world.close();
  });

  it('[MO2] tells classes apart, and lets go of what is destroyed or removed', () => {
    const { registry, Task, Team, Plain } = page();
    const task = new Task({ id: 1 });
    const team = new Team({ id: 1 });
    registry.add(team);
    expect([registry.get(1, Task), registry.get(1, Plain), registry.get(1, Team)]).toEqual([
      task,
      task,
      team,
    ]);
    task.trigger('destroy', task);
    expect(registry.get(1)).toBe(team);
    expect(registry.remove(team).get(1)).toBeUndefined();
    team.set({ id: 2 });
    expect(registry.get(2)).toBeUndefined();
    expect(() => registry.add({})).toThrow(expect.objectContaining({ code: 'bad-option' }));
  });

  it('[MO2] sets what a second one is made with on the first, and no model twice', () => {
    const { registry, Task, Tasks } = page();
    const tasks = new Tasks();
    const task = tasks.add({ id: 1, title: 'One' });
    expect(new Task({ id: 1, done: true })).toBe(task);
    expect(task.toJSON()).toEqual({ id: 1, title: 'One', done: true });
    expect(task).toBeInstanceOf(Task);
    expect(registry.add(task).get(1)).toBe(task);
    expect(new Task()).not.toBe(new Task());
  });
});
