import { expect, it } from 'vitest';
import { testMedulla } from '../../src/testing.ts';
import { freshBackbone } from '../support/fresh-backbone.ts';

it('[TB32] of a record whose create has failed all stays unsaved, also when a save that waits for the server fails', async () => {
  const backbone = freshBackbone();
  const world = testMedulla(backbone, { limits: { batch: 1 }, resources: { '/cards': { public: true } } });
  const cards = new (backbone.Collection.extend({ url: '/cards', follow: true }))();
  cards.fetch();
  await world.settle();
  const [a, b] = [cards.add({ id: 'a', n: 1, title: 'A' }), cards.add({ id: 'b' })];
  const tooMany = async (options: object) => {
    world.medulla.batch(() => {
      a.save({ n: 2 }, options);
      b.save();
    });
    await world.settle();
    return world.medulla.stateOf(a);
  };
  const whole = { changed: ['n', 'title'], error: { code: 'too-large' } };
  expect(await tooMany({})).toMatchObject(whole);
  expect(await tooMany({ wait: true, patch: true })).toMatchObject(whole);
  a.save();
  await world.settle();
  expect(await world.server.rows('/cards')).toEqual([{ id: 'a', n: 2, title: 'A' }]);
  await world.close();
});
