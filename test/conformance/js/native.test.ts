import type Backbone from 'backbone';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type TestWorld, testMedulla } from '../../../src/testing.ts';
import { freshBackbone } from '../../support/fresh-backbone.ts';
import { promised } from '../support/ground.ts';

let backbone: typeof Backbone;
let world: TestWorld<typeof Backbone>;
let users: Backbone.Collection;
/** Calls of stock sync. */
let stock: string[];

beforeEach(async () => {
  backbone = freshBackbone();
  stock = [];
  const sync = (method: string) => stock.push(method);
  backbone.sync = sync as unknown as typeof backbone.sync;
  world = testMedulla(backbone, {
    routes: ['/users'],
    resources: { '/users': { public: true, id: 'integer' } },
    records: { '/users': [{ id: 21, name: 'Ada' }] },
    ids: 'server',
  });
  users = new (backbone.Collection.extend({ url: '/users' }))();
  await promised(users.fetch());
});

afterEach(() => world.close());

const ada = () => users.get(21) as Backbone.Model;

it('[JS-03] keeps two widgets of one endpoint apart by themselves: each request has its own answer', async () => {
  const User = backbone.Model.extend({ urlRoot: '/users' });
  const [left, right] = [new User({ id: 21 }), new User({ id: 21 })];
  const answers = await Promise.all([left.fetch(), right.save({ name: 'Eve' }), users.fetch()].map(promised));
  expect(answers).toMatchObject([{ id: 21 }, { id: 21, name: 'Eve' }, [{ id: 21 }]]);
});

it("[JS-06] sets the model's id from the answer to its create", async () => {
  const eve = users.create({ name: 'Eve' }, { wait: true }) as Backbone.Model;
  expect(eve.isNew()).toBe(true);
  await world.settle();
  expect([typeof eve.id, users.get(eve.id) === eve]).toEqual(['number', true]);
});

it('[JS-07] [JS-08] hands what was read to success, and calls it for an update and a delete', async () => {
  const heard: unknown[] = [];
  const note = (what: string) => ({ success: (_model: unknown, data: unknown) => heard.push([what, data]) });
  await promised(ada().fetch(note('read')));
  await promised(ada().save({ name: 'Eve' }, note('update')));
  await promised(ada().destroy(note('delete')));
  await world.settle();
  expect(heard.map((one) => (one as unknown[])[0])).toEqual(['read', 'update', 'delete']);
  expect(heard[0]).toEqual(['read', { id: 21, name: 'Ada' }]);
});

it('[JS-09] calls error for a refusal, and after a timeout', async () => {
  const heard: unknown[] = [];
  const options = {
    error: (_model: unknown, { statusText }: { statusText: string }) => heard.push(statusText),
  };
  world.server.refuse(() => 'Not today');
  await promised(ada().save({ name: 'Eve' }, options)).catch(() => undefined);
  world.line.delay = 10_000;
  const late = promised(ada().fetch({ ...options, timeout: 100 })).catch(() => undefined);
  await world.clock.turn(100);
  await late;
  expect(heard).toEqual(['forbidden', 'timeout']);
});

it('[JS-11] falls back to stock sync by call, by class and by route, with the same models', async () => {
  const User = backbone.Model.extend({ urlRoot: '/users' });
  new User({ id: 21 }).fetch({ ajaxSync: true } as object);
  const { ajaxSync } = backbone as unknown as { ajaxSync: typeof backbone.sync };
  new (User.extend({ sync: ajaxSync }))().save({ name: 'By ajax' });
  new (backbone.Model.extend({ urlRoot: '/elsewhere' }))({ id: 1 }).destroy();
  expect(stock).toEqual(['read', 'create', 'delete']);
  const user = new User({ id: 21 });
  await promised(user.fetch());
  expect([user.get('name'), stock.length]).toEqual(['Ada', 3]);
});
