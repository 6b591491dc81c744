import { expect, it, vi } from 'vitest';
import { settle } from '../../src/testing/virtual-clock.ts';
import { followed } from './support/page.ts';

it('[TB41] looks through a collection once a turn, however many records it has not', async () => {
  const { hub, tasks, backbone } = await followed({ n: 0 });
  const other = new (backbone.Collection.extend({ url: '/tasks', follow: true }))();
  other.fetch();
  await settle();
  hub.rows(Array.from({ length: 100 }, (_, i) => [i, 5, { n: i }] as const));
  await settle();
  other.add([{ n: 'draft' }, { n: 'draft' }]);
  const looks = vi.spyOn(other.models, 'map');
  const made = Array.from({ length: 50 }, (_, i) => tasks.create({ n: i }));
  for (const model of made) model.save({ m: 1 });
  made[0]?.destroy();
  expect(looks).toHaveBeenCalledTimes(1);
  expect([other.length, other.at(-1).get('m'), other.get(String(made[0]?.id))]).toEqual([151, 1, undefined]);
});

it('[TB41] finds no model that has been taken out meanwhile', async () => {
  const { tasks, backbone, hub } = await followed({ n: 0 });
  const other = new (backbone.Collection.extend({ url: '/tasks', follow: true }))();
  other.fetch();
  await settle();
  hub.rows([[1, 5, { n: 0 }]]);
  await settle();
  tasks.create({ n: 1 });
  other.remove(other.get(1));
  other.add({ n: 'draft' });
  tasks.get(1).save({ n: 2 });
  expect(other.pluck('n')).toEqual([1, 'draft']);
});
