import { expect, it } from 'vitest';
import { settle } from '../../../src/testing/virtual-clock.ts';
import { openPage } from '../../client/support/page.ts';
import { optionsOf } from '../neighbours/world.ts';

it('[BK-01] [BB9] a model that came with the page takes what a patch is answered with, but for what was typed since', async () => {
  const { backbone, hub } = await openPage();
  const Task = backbone.Model.extend({ urlRoot: '/tasks' });
  const model = new Task({ id: 1, title: 'One', note: 'a', rev: 1 });
  model.save({ done: true }, optionsOf({ patch: true }));
  await settle();
  expect(hub.mutation(0)).toMatchObject({ method: 'patch', set: { done: true } });
  model.set({ note: 'b' });
  hub.applied(hub.mutation(0), 1, { set: { note: 'c', rev: 2 } });
  await settle();
  expect(model.attributes).toEqual({ id: 1, title: 'One', note: 'b', rev: 2, done: true });
  // Nobody has said that the server has its title.
  model.save();
  await settle();
  expect(hub.mutation(1).set).toEqual({ title: 'One', note: 'b' });
});
