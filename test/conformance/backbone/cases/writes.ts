import type { Case } from '../contract.ts';
import { open } from './world.ts';

export const writes: Readonly<Record<string, Case>> = {
  'create, save, patch, unset and destroy reach the server': async (ground) => {
    const { tasks, server, settle, close } = await open(ground);
    const task = tasks.create({ title: 'two' });
    const rows: unknown[] = [];
    const step = async () => {
      await settle();
      const others = (await server.rows('/tasks')).filter(({ id }) => id !== 1);
      rows.push(others.map(({ title, done }) => [title, done ?? null]));
    };
    await step();
    task.save({ title: 'three', done: false });
    await step();
    task.save({ done: true }, { patch: true });
    await step();
    task.unset('done');
    task.save();
    await step();
    task.destroy();
    await step();
    await close();
    return [rows, [[['two', null]], [['three', false]], [['three', true]], [['three', null]], []]];
  },

  'with wait nothing is there before the answer, and then all': async (ground) => {
    const { tasks, settle, close } = await open(ground);
    const task = tasks.at(0);
    task.save({ title: 'two' }, { wait: true });
    const made = tasks.create({ title: 'new' }, { wait: true });
    const then = [task.get('title'), tasks.length, made.isNew()];
    await settle();
    const now = [task.get('title'), tasks.length, made.isNew()];
    task.destroy({ wait: true });
    const kept = tasks.length;
    await settle();
    const left = tasks.length;
    await close();
    return [
      [then, now, kept, left],
      [['one', 1, true], ['two', 2, false], 2, 1],
    ];
  },

  'what is written without a connection is answered with 202 and sent later': async (ground) => {
    const { tasks, server, line, settle, close, medulla } = await open(ground);
    line.cut();
    await settle();
    const request = tasks.at(0).save({ title: 'offline' }) as unknown as { status: number };
    await settle();
    const { outbox, status } = medulla;
    await settle();
    const then = [request.status, outbox.length, status.get('pending')];
    line.mend();
    await settle();
    const now = [outbox.length, status.get('pending'), (await server.rows('/tasks'))[0]?.title];
    await close();
    return [
      [then, now],
      [
        [202, 1, 1],
        [0, 0, 'offline'],
      ],
    ];
  },

  'an id of the server reaches the model and its collection': async (ground) => {
    const { tasks, settle, close } = await open(ground, {
      ids: 'server',
      resources: { '/tasks': { public: true, id: () => 77 } },
    });
    const task = tasks.create({ title: 'two' });
    const before = task.isNew();
    await settle();
    const after = [task.id, tasks.get(77) === task];
    await close();
    return [
      [before, after],
      [true, [77, true]],
    ];
  },

  'the caller is the one whose Backbone it is': async (ground) => {
    const { medulla, close } = await open(ground);
    const { Backbone, another } = ground;
    const foreign = new (another().Model.extend({ urlRoot: '/tasks' }))({ id: 1 });
    let code = '';
    try {
      medulla.sync('update', foreign as never);
    } catch (error) {
      ({ code } = error as { code: string });
    }
    const own = [medulla.status instanceof Backbone.Model, medulla.outbox instanceof Backbone.Collection];
    await close();
    return [
      [code, own],
      ['bad-option', [true, true]],
    ];
  },
};
