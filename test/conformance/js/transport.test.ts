import type Backbone from 'backbone';
import { expect, it } from 'vitest';
import { until } from '../../support/until.ts';
import { fetchAjax } from '../dialects/fetch-ajax.ts';
import { restWorld } from '../dialects/rest-world.ts';

/** An application's models, which name no transport. */
const models = ({ Model, Collection }: typeof Backbone) => {
  const Task = Model.extend({ urlRoot: '/tasks', defaults: { done: false } });
  return { Task, Tasks: Collection.extend({ url: '/tasks', model: Task }) };
};

const byAjax = (received: { headers: Record<string, unknown> } | undefined) =>
  received?.headers['x-by'] === 'ajax';

it.each(['call', 'class', 'route'])(
  '[JS-11] the same models go by the hub or back to XHR, chosen by %s',
  async (by) => {
    const { server, tab } = await restWorld({}, by === 'route' ? { routes: ['/notes'] } : {});
    const { backbone } = tab;
    backbone.ajax = fetchAjax(server.url) as never;
    const { Task, Tasks } = models(backbone);
    const Plain =
      by === 'class' ? Task.extend({ sync: (backbone as { ajaxSync?: unknown }).ajaxSync }) : Task;
    const options = by === 'call' ? { ajaxSync: true } : {};
    const task = new Plain();
    task.save({ title: 'By XHR' }, options as object);
    await until(() => !task.isNew());
    expect(byAjax(server.received.at(-1))).toBe(true);
    task.save({ done: true }, options as object);
    await until(() => task.get('revision') === 2);
    expect(server.received.map(({ method, url }) => `${method} ${url}`)).toEqual([
      'POST /tasks',
      'PUT /tasks/1',
    ]);
    const tasks = new Tasks();
    const whole = by === 'route' ? {} : options;
    await new Promise((resolve) => tasks.fetch({ ...whole, success: resolve }));
    expect(tasks.toJSON()).toEqual([{ id: 1, title: 'By XHR', done: true, revision: 2 }]);
    expect(byAjax(server.received.at(-1))).toBe(by !== 'class');
    expect(tab.medulla.status.get('pending')).toBe(0);
  },
);

it('[JS-11] without a word the same models go by the hub, and outlive a server that is gone', async () => {
  const { server, tab } = await restWorld();
  const { Task } = models(tab.backbone);
  await server.stop();
  const task = new Task();
  task.save({ title: 'Offline' });
  await until(() => tab.medulla.status.get('pending') === 1 && !tab.medulla.isOpen);
  await server.start();
  tab.medulla.open();
  await until(() => task.id === 1);
  expect(server.records('/tasks')).toMatchObject([{ title: 'Offline', done: false }]);
  expect(byAjax(server.received.at(-1))).toBe(false);
});
