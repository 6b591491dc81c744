import { describe, expect, it } from 'vitest';
import { settle } from '../../src/testing/virtual-clock.ts';
import { followed, openPage } from './support/page.ts';

it('[TB11] is a record like others where a create that failed was applied all the same', async () => {
  const { hub, tasks, medulla } = await followed({ title: 'Old' });
  const model = tasks.create({ title: 'B' }, { queue: false } as object);
  if (!model) throw new Error('There is no model');
  await settle();
  const { record } = hub.mutation(0);
  const failed = {
    type: 'failed',
    n: 1,
    code: 'unreachable',
    message: 'Its hub is gone',
    status: 0,
  } as const;
  const value = { topic: '/tasks', record, version: 10, attrs: { title: 'B' }, state: 'clean' };
  hub.tell({ n: 1, settlements: [failed], values: [value as never] });
  await settle();
  expect(medulla.stateOf(model).changed).toEqual([]);
  model.set({ note: 'typed' });
  model.fetch();
  await settle();
  hub.rows([[record, 10, { title: 'B' }]]);
  await settle();
  expect(model.attributes).toEqual({ id: record, title: 'B' });
});

describe('[ID7] a create that failed and was applied all the same has the id that the server gave it', () => {
  it.each([
    ['as it was sent', { state: 'clean', attrs: { title: 'B' } }, 'clean'],
    ['as it was sent, while it is withdrawn', { state: 'pending', attrs: { title: 'B' } }, 'clean'],
    ['edited by others, while it is withdrawn', { state: 'pending', attrs: { title: 'C' } }, 'conflict'],
  ])('%s', async (_how, seen, state) => {
    const { hub, medulla, backbone } = await openPage({ ids: 'server' });
    const tasks = new (backbone.Collection.extend({ url: '/tasks', follow: true }))();
    tasks.fetch();
    await settle();
    hub.rows([]);
    await settle();
    const model = tasks.create({ title: 'B' }, { queue: false } as object);
    await settle();
    const temporary = String(hub.mutation(0).record);
    const value = { topic: '/tasks', record: 2, version: 10, ...seen };
    hub.tell({
      n: 1,
      aliases: [{ topic: '/tasks', temporary, record: 2 } as never],
      settlements: [{ type: 'failed', n: 1, code: 'unreachable', message: 'Its hub is gone', status: 0 }],
      values: [value as never],
    });
    hub.tell({ n: 1, values: [{ ...value, state: 'clean' } as never] });
    await settle();
    expect([tasks.pluck('id'), tasks.get(2) === model]).toEqual([[2], true]);
    expect([tasks.pluck('title'), medulla.stateOf(model).state]).toEqual([['B'], state]);
  });
});
