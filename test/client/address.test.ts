import { describe, expect, it } from 'vitest';
import { settle } from '../../src/testing/virtual-clock.ts';
import { openPage } from './support/page.ts';

describe('where a call goes', () => {
  it.each([
    ['/tasks/7', { id: 7 }, '/tasks', 7],
    ['/tasks/a%2Fb/', { id: 'a/b' }, '/tasks', 'a/b'],
    ['tasks/7?x=1', { id: '7' }, '/board/tasks', '7'],
    ['https://app.test/tasks/%E0', { id: '%E0' }, '/tasks', '%E0'],
    ['/tasks/7', { id: 8 }, '/tasks/7', '.'],
    ['/me', {}, '/me', '.'],
    ['/', {}, '/', '.'],
  ])('[TB26] is read from the url: %s of %o is %s, record %s', async (url, attrs, topic, record) => {
    const { backbone, hub } = await openPage();
    new (backbone.Model.extend({ url }))(attrs).save({ n: 1 });
    await settle();
    expect(hub.mutation(0)).toMatchObject({ topic, record });
  });

  it('[TB26] is the topic of its urlRoot or its collection for a model without an id', async () => {
    const { backbone, hub } = await openPage();
    const tasks = new (backbone.Collection.extend({ url: () => '/projects/7/tasks/' }))();
    tasks.create({ n: 1 });
    new (backbone.Model.extend({ urlRoot: () => '/lists' }))().save({ n: 2 });
    await settle();
    expect(hub.mutations.map(({ topic }) => topic)).toEqual(['/projects/7/tasks', '/lists']);
  });

  it('[TB26] is told by a topic of its own, and a url in the options comes first', async () => {
    const { backbone, hub } = await openPage();
    new (backbone.Model.extend({ url: '/v2/x/9', topic: () => '/tasks' }))({ id: 9 }).save();
    new (backbone.Model.extend({ urlRoot: '/tasks' }))({ id: 9 }).save(null, { url: '/others/9' });
    await settle();
    expect(hub.mutations.map(({ topic, record }) => [topic, record])).toEqual([
      ['/tasks', 9],
      ['/others', 9],
    ]);
  });

  it('[TB26] is another model’s topic even where a client id stands in the url', async () => {
    const { backbone, hub } = await openPage();
    const Task = backbone.Model.extend({ urlRoot: '/tasks', idAttribute: '_id' });
    const task = new Task({ _id: 0, title: 'Zero' });
    task.save();
    task.destroy();
    await settle();
    expect(hub.mutations.map(({ record, method, set }) => [record, method, set])).toEqual([
      [0, 'update', { title: 'Zero' }],
      [0, 'delete', {}],
    ]);
  });
});
