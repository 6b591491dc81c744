import type Backbone from 'backbone';
import { describe, expect, it } from 'vitest';
import { memoryStore } from '../../src/server/stores/memory-store.ts';
import { FakePeer, sent } from './support/fake-peer.ts';
import { backbone, start, world } from './support/served-world.ts';

describe('a served collection', () => {
  it('[MO5] does not bring back what is taken out here while others write to it', async () => {
    const { tasks, serving, server, rows } = await world([
      { id: 1, n: 1 },
      { id: 2, n: 1 },
    ]);
    await serving.ready;
    tasks.get(2).set({ n: 2 });
    await Promise.resolve(); // that is on its way to the store
    await Promise.resolve();
    const theirs = server.publish('/tasks', { record: 1, set: { n: 5 } });
    tasks.remove(tasks.get(1));
    await theirs;
    await serving.settled();
    expect(tasks.toJSON()).toEqual([{ id: 2, n: 2 }]);
    expect(await rows()).toEqual(tasks.toJSON());
  });

  it('[MO5] goes on with all of a record where a listener throws, and tells what others changed and what is changed later', async () => {
    const { tasks, serving, server, rows } = await world([{ id: 1, n: 1, old: 1 }]);
    await serving.ready;
    tasks.on('change:old', (task: Backbone.Model) => task.set({ seen: true }));
    tasks.once('change:old', () => {
      throw new Error('A listener of the application');
    });
    await server.publish('/tasks', { record: 1, set: { n: 2 }, unset: ['old'] });
    await serving.settled();
    expect(await rows()).toEqual([{ id: 1, n: 2, seen: true }]);
    tasks.get(1).set({ title: 'Later' });
    await serving.settled();
    expect(await rows()).toEqual([{ id: 1, n: 2, seen: true, title: 'Later' }]);
    expect(tasks.toJSON()).toEqual(await rows());
  });

  it('[MO5] ends with the server', async () => {
    const { tasks, serving, server, clock, logged } = await world([{ id: 1, n: 1 }]);
    await serving.ready;
    await server.close();
    for (const n of [2, 3]) {
      tasks.get(1).set({ n });
      await clock.advance(5_000);
      await serving.settled();
    }
    expect(logged.filter((event) => event === 'not-published')).toHaveLength(1);
  });
});

it('[MO5] asks the models’ validate last: of what middleware has made of it, and nothing is told to who may not write', async () => {
  const { core, server } = start(memoryStore());
  const model = backbone.Model.extend({
    validate: ({ by, sum }: { by?: string; sum: number }) => (by ? undefined : `Nobody took of the ${sum}`),
  });
  const Accounts = backbone.Collection.extend({ url: '/tasks', model }) as new (
    models: object[],
  ) => Backbone.Collection;
  const serving = server.serve(new Accounts([{ id: 1, sum: 500 }]), {
    authorize: ({ options }) => options.may === true,
  });
  serving.resource.patch(async (ctx, next) => {
    if (ctx.options.signed) ctx.set.by = 'ada';
    await next();
  });
  await serving.ready;
  const peer = await FakePeer.connect(core);
  const patch = (id: string, options: object) =>
    sent(id, { method: 'patch', record: 1, set: { taken: 1 }, options });
  const [no, unsigned, signed] = await peer.push(
    patch('t:1', {}),
    patch('t:2', { may: true }),
    patch('t:3', { may: true, signed: true }),
  );
  expect(no).toMatchObject({ type: 'forbidden', message: 'You may not patch 1 in /tasks.' });
  expect(unsigned).toMatchObject({ type: 'invalid', message: 'Nobody took of the 500' });
  expect(signed).toMatchObject({ type: 'applied' });
});

it('[MO5] asks the validate of the class that a function of the collection chooses', async () => {
  const { core, server } = start(memoryStore());
  const Dated = backbone.Model.extend({
    validate: ({ day }: { day?: number }) => (day ? undefined : 'No day'),
  });
  const Mixed = backbone.Collection.extend({
    url: '/tasks',
    model: (attrs: { kind?: string }, options: object) =>
      new (attrs.kind === 'dated' ? Dated : backbone.Model)(attrs, options),
    modelId: ({ id }: { id: string }) => id,
  }) as new () => Backbone.Collection;
  await server.serve(new Mixed(), { public: true }).ready;
  const peer = await FakePeer.connect(core);
  const dated = (id: string, record: string, set: object) => sent(id, { record, set });
  const types = await peer.types(
    dated('t:1', 'a', { kind: 'dated' }),
    dated('t:2', 'b', { kind: 'dated', day: 1 }),
    dated('t:3', 'c', { kind: 'plain' }),
  );
  expect(types).toEqual(['invalid', 'applied', 'applied']);
});
