import type Backbone from 'backbone';
import type { Case } from '../contract.ts';
import { eventsOf, open, tasksOf } from './world.ts';

/** Backbone's own `pluck` of before 1.3 does not go with Lodash. */
const all = ({ models }: Backbone.Collection, name: string) => models.map((model) => model.get(name));

export const collections: Readonly<Record<string, Case>> = {
  'what another tab does comes in by add, change and remove, never by reset': async (ground) => {
    const { tasks, tab, settle, close } = await open(ground);
    const other = ground.another();
    tab(other);
    const theirs = tasksOf(other);
    theirs.fetch();
    await settle();
    const task = tasks.at(0);
    const names = eventsOf(tasks);
    const step = async (act: () => unknown) => {
      act();
      await settle();
      // 'update' came with 1.2.
      return names.splice(0).filter((name) => /^(add|change|remove|reset|change:title)$/.test(name));
    };
    const steps = [
      await step(() => theirs.create({ id: 2, title: 'two' })),
      await step(() => theirs.get(1).save({ title: 'uno' })),
      await step(() => theirs.get(2).destroy()),
    ];
    const same = [tasks.at(0) === task, task.get('title'), tasks.length];
    await close();
    return [
      [steps, same],
      [
        [['add'], ['change:title', 'change'], ['remove']],
        [true, 'uno', 1],
      ],
    ];
  },

  'a comparator puts them where they belong': async (ground) => {
    const { tasks, server, settle, close } = await open(ground, {}, { comparator: 'rank' });
    await server.publish('/tasks', [{ record: 2, set: { title: 'two', rank: 1 } }]);
    await settle();
    const first = all(tasks, 'title');
    await server.publish('/tasks', [{ record: 2, set: { rank: 3 } }]);
    await settle();
    const then = all(tasks, 'title');
    await close();
    return [
      [first, then],
      [
        ['two', 'one'],
        ['one', 'two'],
      ],
    ];
  },

  'an idAttribute of its own is honoured, and parse makes what it likes of it': async (ground) => {
    const model = ground.Backbone.Model.extend({
      idAttribute: '_id',
      parse: ({ title, ...rest }: { title: string }) => ({ ...rest, name: title }),
      toJSON(this: { attributes: { name: string } }) {
        const { name, ...rest } = this.attributes;
        return { ...rest, title: name };
      },
    });
    const { tasks, server, settle, close } = await open(ground, {}, { model });
    const task = tasks.at(0);
    const before = [task.id, task.get('name'), task.has('title')];
    task.save({ name: 'uno' });
    await settle();
    const [row] = await server.rows('/tasks');
    await close();
    return [
      [before, row],
      [[1, 'one', false], { title: 'uno', rank: 2, id: 1 }],
    ];
  },

  'a fetch merges, resets where it is told to, and takes away what is gone': async (ground) => {
    const { tasks, server, settle, close } = await open(ground, {}, { follow: false });
    const task = tasks.at(0);
    await server.publish('/tasks', [{ record: 2, set: { title: 'two' } }]);
    tasks.add({ id: 9, title: 'never there' });
    tasks.fetch();
    await settle();
    const merged = [all(tasks, 'id'), tasks.at(0) === task];
    const names = eventsOf(tasks);
    tasks.fetch({ reset: true });
    await settle();
    const reset = [all(tasks, 'id'), tasks.at(0) === task, names.includes('reset')];
    await close();
    return [
      [merged, reset],
      [
        [[1, 2], true],
        [[1, 2], false, true],
      ],
    ];
  },

  'nobody is followed any more who is released or removed': async (ground) => {
    const { tasks, server, medulla, settle, close } = await open(ground);
    const task = tasks.at(0);
    medulla.release(tasks);
    await server.publish('/tasks', [{ record: 1, set: { title: 'uno' } }]);
    await settle();
    const title = task.get('title');
    await close();
    return [title, 'one'];
  },
};
