import type Backbone from 'backbone';
import { expect, it } from 'vitest';
import { testMedulla } from '../../src/testing.ts';
import { collectGarbage } from '../support/collect-garbage.ts';
import { freshBackbone } from '../support/fresh-backbone.ts';

it('[TB24] what is followed by class goes once nobody uses it, and what is followed explicitly stays', async () => {
  const backbone = freshBackbone();
  const world = testMedulla(backbone, { resources: { '/tasks': { public: true } } });
  const Tasks = backbone.Collection.extend({ url: '/tasks', follow: true }) as new () => Backbone.Collection;
  async function use(isExplicit: boolean): Promise<WeakRef<Backbone.Collection>> {
    const tasks = new Tasks();
    if (isExplicit) world.medulla.follow(tasks);
    tasks.fetch();
    await world.settle();
    return new WeakRef(tasks);
  }
  const [weak, strong] = [await use(false), await use(true)];
  await world.settle();
  collectGarbage();
  expect([weak.deref() === undefined, strong.deref() === undefined]).toEqual([true, false]);
  await world.close();
});
