import type Backbone from 'backbone';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { testMedulla } from '../../src/testing.ts';
import { RawWorld } from '../support/browser/raw-world.ts';

let world: RawWorld;
beforeEach(async () => {
  world = await RawWorld.open();
});
afterEach(async () => {
  await world.close();
});

it('[TE8] the world for tests works in a browser, beside what the page has', async () => {
  const tab = await world.tab();
  const rows = await tab.evaluate(async () => {
    // Not by the word itself, of which the test's own loader would make something else.
    const load = new Function('path', 'return import(path)') as (
      path: string,
    ) => Promise<{ testMedulla: typeof testMedulla }>;
    const { testMedulla: start } = await load('/medulla/testing.js');
    const { Backbone: own } = globalThis as unknown as { Backbone: typeof Backbone };
    const { server, settle, line, close, medulla } = start(own, {
      resources: { '/tests': { public: true } },
      records: { '/tests': [{ id: 0, title: 'from the start' }] },
    });
    const Tests = own.Collection.extend({ url: '/tests' }) as new () => Backbone.Collection;
    const tests = new Tests();
    await tests.fetch();
    line.cut();
    tests.create({ id: 1, title: 'in the page' });
    await settle();
    line.mend();
    await settle();
    const found = await server.rows('/tests');
    const durable = medulla.status.get('durable');
    await close();
    return JSON.stringify({ found, durable });
  });
  expect(JSON.parse(rows)).toEqual({
    found: [
      { id: 0, title: 'from the start' },
      { id: 1, title: 'in the page' },
    ],
    durable: true,
  });
  await tab.evaluate(() => t.create({ id: 'card', title: 'by the page’s own' }, { wait: true }));
  expect(world.complaints).toEqual([]);
});
