import type Backbone from 'backbone';
import type { Ground } from '../contract.ts';

const RECORDS = { '/tasks': [{ id: 1, title: 'one', rank: 2 }] };

/** A world with one record, and a collection of it that is fetched and followed. */
export async function open({ Backbone, testMedulla }: Ground, options: object = {}, properties: object = {}) {
  const world = testMedulla(Backbone, {
    resources: { '/tasks': { public: true } },
    records: RECORDS,
    ...options,
  });
  const tasks = tasksOf(Backbone, properties);
  tasks.fetch();
  await world.settle();
  return { ...world, tasks };
}

export function tasksOf(copy: typeof Backbone, properties: object = {}): Backbone.Collection {
  return new (copy.Collection.extend({ url: '/tasks', follow: true, ...properties }))();
}

/** The names of the events that are triggered on it from now on. */
export function eventsOf(target: Backbone.Events): string[] {
  const names: string[] = [];
  target.on('all', (name: string) => names.push(name));
  return names;
}
