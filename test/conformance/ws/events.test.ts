import { describe, expect, it } from 'vitest';
import { eventsOf, openWs } from './open-ws.ts';

const LOST = { code: 'unreachable', message: 'The server cannot be reached', attempts: 1 };

describe('events', () => {
  it('[WS-36] [WS-39] [WS-40] tells of open, error and close', async () => {
    const { world, ws } = openWs({ prefix: 'ws' });
    const told = eventsOf(ws, 'ws:open', 'ws:error', 'ws:close');
    await world.settle();
    expect(told).toEqual([['ws:open']]);
    world.line.cut();
    await world.clock.turn(50);
    expect(told.slice(1, 3)).toEqual([
      ['ws:error', LOST, true],
      ['ws:close', LOST],
    ]);
    world.line.mend();
    await world.settle();
    expect(told.at(-1)).toEqual(['ws:open']);
  });

  it('[WS-39] says that it was not open where it never was', async () => {
    const { world, ws } = openWs({ prefix: 'ws' });
    world.line.cut();
    const told = eventsOf(ws, 'ws:error');
    await world.settle();
    expect(told[0]).toEqual(['ws:error', expect.objectContaining({ code: 'unreachable' }), false]);
  });

  it('[WS-37] [WS-38] tells of a message by its type, then of every message', async () => {
    const { world, ws } = openWs({ prefix: 'ws' });
    await world.settle();
    const told = eventsOf(ws, 'ws:message', 'ws:message:update');
    world.server.send('update', { answer: 42 });
    world.server.send('', 'plain');
    await world.settle();
    expect(told).toEqual([
      ['ws:message:update', { answer: 42 }],
      ['ws:message', { answer: 42 }, 'update'],
      ['ws:message', 'plain', undefined],
    ]);
  });

  it('[WS-09] names them after medulla, after what is said, or after nothing', async () => {
    for (const [options, name] of [
      [{}, 'medulla:message:x'],
      [{ prefix: 'app' }, 'app:message:x'],
      [{ prefix: '' }, 'message:x'],
      [{ prefix: null }, 'message:x'],
    ] as const) {
      const { world, ws } = openWs(options);
      await world.settle();
      const told = eventsOf(ws, name, 'message');
      world.server.send('x', 1);
      await world.settle();
      const all = options.prefix === '' || options.prefix === null ? [1, 'x'] : ['x', 1];
      expect(told).toContainEqual([name, 1]);
      expect(told.filter(([event]) => event === 'message')).toEqual([['message', ...all]]);
    }
  });

  it('[WS-05] routes a type to another event, the exact one before *', async () => {
    const { world, ws } = openWs({
      prefix: 'ws',
      routes: {
        'ws:message:jump': (_event, content) => `ws:message:${(content as { id: string }).id}`,
        'ws:message:stop': 'halted',
        '*': 'rest',
      },
    });
    await world.settle();
    const told = eventsOf(ws, 'ws:message:c7', 'halted', 'rest', 'ws:message:jump');
    for (const type of ['jump', 'stop', 'other']) world.server.send(type, { id: 'c7' });
    await world.settle();
    expect(told.map(([name]) => name)).toEqual(['ws:message:c7', 'halted', 'rest']);
  });

  it('[WS-43] has the events of Backbone', async () => {
    const { world, ws } = openWs();
    const told = eventsOf(ws, 'mine');
    const once: unknown[] = [];
    ws.once('mine', (x: unknown) => once.push(x));
    ws.trigger('mine', 1);
    ws.trigger('mine', 2);
    ws.off('mine');
    ws.trigger('mine', 3);
    expect([told, once]).toEqual([
      [
        ['mine', 1],
        ['mine', 2],
      ],
      [1],
    ]);
    await world.settle();
  });

  it('[AL-19] has one listener that hears every message with its type, and every event with its name', async () => {
    const { world } = openWs();
    await world.settle();
    const all = eventsOf(world.medulla, 'all', 'message');
    world.server.send('news', 1);
    world.server.send('weather', 2);
    await world.settle();
    expect(all.filter(([name]) => name === 'message')).toEqual([
      ['message', 'news', 1],
      ['message', 'weather', 2],
    ]);
    expect(all).toContainEqual(['all', 'message', 'news', 1]);
  });
});
