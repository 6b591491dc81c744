import type Backbone from 'backbone';
import { describe, expect, it } from 'vitest';
import { testMedulla } from '../../../src/testing.ts';
import { freshBackbone } from '../../support/fresh-backbone.ts';
import { eventsOf, joinWs, type Ws } from './open-ws.ts';

describe('bind', () => {
  it('[WS-23] [WS-42] lets a resource hear of everything, as events of its own', async () => {
    const { world, ws, model } = await joinWs({ prefix: 'ws' });
    ws.bind(model);
    const told = eventsOf(model, 'ws:message', 'ws:message:update', 'ws:close', 'ws:error', 'ws:open');
    world.server.send('update', { name: 'Robert' });
    await world.settle();
    world.line.cut();
    await world.clock.turn(50);
    world.line.mend();
    await world.settle();
    expect(told.map(([name]) => name)).toEqual([
      'ws:message:update',
      'ws:message',
      'ws:error',
      'ws:close',
      'ws:open',
    ]);
  });

  it('[WS-24] takes functions, which have the resource as this, names of methods and of events, and true', async () => {
    const { world, ws, model } = await joinWs({ prefix: 'ws' });
    const told = eventsOf(model, 'mine', 'ws:message:c', 'ws:message:d');
    const called: unknown[] = [];
    Object.assign(model, { hear: (content: unknown) => called.push(content) });
    ws.bind(model, {
      'ws:message:set': model.set,
      'ws:message:a': 'hear',
      'ws:message:b': 'mine',
      'ws:message:c': true,
    });
    for (const type of ['a', 'b', 'c', 'd']) world.server.send(type, type);
    world.server.send('set', { answer: 42 });
    await world.settle();
    expect([model.get('answer'), called]).toEqual([42, ['a']]);
    expect(told).toEqual([
      ['mine', 'b'],
      ['ws:message:c', 'c'],
    ]);
  });

  it('[WS-24] keeps what has a url up to date besides, and tells of its changes', async () => {
    const { world, ws, Tasks } = await joinWs();
    const tasks = new Tasks();
    const told = eventsOf(tasks, 'came');
    ws.bind(tasks, { create: 'came' });
    await world.settle();
    await world.server.publish('/tasks', { record: 1, set: { title: 'Milk' } });
    await world.settle();
    expect([tasks.pluck('title'), told.length]).toEqual([['Milk'], 1]);
    ws.unbind(tasks);
    await world.settle();
    await world.server.publish('/tasks', { record: 2, set: { title: 'Bread' } });
    await world.settle();
    expect(tasks.length).toBe(1);
  });

  it('[WS-06] binds what it is given at the start', async () => {
    const page = await joinWs((backbone) => ({
      resources: [
        [new backbone.Model({ n: 1 }), { 'medulla:message:a': 'a' }],
        { resource: new backbone.Model({ n: 2 }), events: { 'medulla:message:a': 'b' } },
        new backbone.Model({ n: 3 }),
      ],
    }));
    const models = page.ws.resources as Ws['model'][];
    const told = models.map((model) => eventsOf(model, 'a', 'b', 'medulla:message:a'));
    page.world.server.send('a');
    await page.world.settle();
    expect(told.map((events) => events.map(([name]) => name))).toEqual([['a'], ['b'], ['medulla:message:a']]);
  });

  it('[WS-06] follows what connect is given', async () => {
    const backbone = freshBackbone();
    const [tasks, notes] = ['/tasks', '/notes'].map(
      (url) => new (backbone.Collection.extend({ url }) as new () => Backbone.Collection)(),
    );
    if (!tasks || !notes) throw new Error('There are two');
    const resources = { '/tasks': { public: true }, '/notes': { public: true } };
    const world = testMedulla(backbone, { resources, follow: [tasks, [notes, { only: ['delete'] }]] });
    await world.settle();
    for (const topic of ['/tasks', '/notes']) await world.server.publish(topic, { record: 1, set: {} });
    await world.settle();
    expect([tasks.length, notes.length]).toEqual([1, 0]);
    await world.close();
  });

  it('[WS-07] gives it a method to send by, and takes that away again', async () => {
    const { world, ws, model, heard } = await joinWs({ sendAttribute: 'emit' });
    ws.bind(model);
    (model as unknown as { emit(content: unknown): void }).emit({ hello: 1 });
    await world.settle();
    expect(heard).toEqual([{ hello: 1 }]);
    ws.unbind(model);
    expect('emit' in model).toBe(false);
  });

  it('[WS-25] releases a model that is destroyed', async () => {
    const { world, ws, model } = await joinWs();
    ws.bind(model);
    model.destroy();
    expect(ws.resources).toEqual([]);
    const told = eventsOf(model, 'medulla:message');
    world.server.send('x');
    await world.settle();
    expect(told).toEqual([]);
  });

  it('[WS-26] releases one, and leaves an unknown one alone', async () => {
    const { world, ws, model, backbone } = await joinWs();
    const [known, unknown] = [new backbone.Model(), new backbone.Model()];
    ws.bind(model).bind(known);
    ws.unbind(unknown);
    expect(ws.resources).toEqual([model, known]);
    ws.unbind(model);
    const told = [eventsOf(model, 'medulla:message'), eventsOf(known, 'medulla:message')];
    world.server.send('x');
    await world.settle();
    expect(told.map(({ length }) => length)).toEqual([0, 1]);
  });

  it('[WS-11] [WS-12] saves what is bound over the line, and nothing else; {xhr: true} as before', async () => {
    const { world, ws, backbone } = await joinWs({ sync: true });
    world.medulla.uninstall();
    const calls: string[] = [];
    backbone.ajax = ((settings: { type: string }) => void calls.push(settings.type)) as never;
    const Task = backbone.Model.extend({ urlRoot: '/tasks' }) as new (attrs: object) => Backbone.Model;
    const [bound, free] = [1, 2].map((id) => new Task({ id }));
    if (!bound || !free) throw new Error('There are two');
    ws.bind(bound);
    bound.save({ title: 'Milk' });
    free.save();
    bound.fetch({ xhr: true } as object);
    await world.settle();
    expect(calls).toEqual(['PUT', 'GET']);
    expect(await world.server.rows('/tasks')).toEqual([{ id: 1, title: 'Milk' }]);
    ws.unbind(bound);
    bound.save();
    expect(calls).toEqual(['PUT', 'GET', 'PUT']);
  });

  it('[WS-10] stays open without resources, or closes a while after the last one', async () => {
    const stays = await joinWs();
    stays.ws.bind(stays.model).unbind(stays.model);
    await stays.world.settle();
    expect(stays.ws.isOpen).toBe(true);
    const { world, ws, model, timers } = await joinWs({ keepOpen: false, linger: 1_000 });
    ws.bind(model).unbind(model).bind(model);
    await timers.advance(2_000);
    expect(ws.isOpen).toBe(true);
    ws.unbind(model);
    await timers.advance(999);
    expect(ws.isOpen).toBe(true);
    await timers.advance(1);
    await world.settle();
    expect(ws.isOpen).toBe(false);
  });
});
