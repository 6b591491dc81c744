import { describe, expect, it } from 'vitest';
import { eventsOf, joinWs, openWs } from './open-ws.ts';

const outcome = (promise: Promise<unknown>) =>
  promise.then(
    (value) => value,
    (error) => error.code,
  );

describe('expect', () => {
  it('[WS-29] resolves with the content of the first message that is like it', async () => {
    const { world, ws, timers } = await joinWs();
    const { promise } = ws.expect('update', 3);
    world.server.send('other', 1);
    world.server.send('update', { answer: 42 });
    world.server.send('update', { answer: 43 });
    await world.settle();
    expect(await promise).toEqual({ answer: 42 });
    expect(timers.next).toBeUndefined();
  });

  it('[WS-29] rejects after its seconds, and once it is killed', async () => {
    const { ws, timers } = await joinWs();
    const late = outcome(ws.expect(null, 2).promise);
    const killed = ws.expect('x', 100);
    const why = outcome(killed.promise);
    killed.kill();
    await timers.advance(1_999);
    const still = ws.expect(null, 1);
    await timers.advance(1);
    expect([await late, await why]).toEqual(['timeout', 'abort']);
    still.kill();
    expect(timers.next).toBeUndefined();
  });

  it.each<[string, unknown, string, unknown]>([
    [
      'a function of content and type',
      (content: unknown, type: string) => content === 1 && type === 'x',
      'x',
      1,
    ],
    ['a text, as the type', 'x', 'x', 0],
    ['a text, as all of it', 'pong', '', 'pong'],
    ['a text, as the type in the content', 'x', '', { type: 'x' }],
    ['an object, all of whose values it has', { a: 1, b: [2] }, 'any', { a: 1, b: [2], c: 3 }],
    ['null, anything', null, '', { z: 1 }],
  ])('[WS-30] takes %s', async (_what, expected, type, content) => {
    const { world, ws } = await joinWs();
    const { promise } = ws.expect(expected as never);
    if (expected) world.server.send('not this', { a: 1, b: [3] });
    world.server.send(type, content);
    await world.settle();
    expect(await promise).toEqual(content);
  });

  it('[WS-30] leaves nothing behind', async () => {
    const { world, ws, timers } = await joinWs();
    let asked = 0;
    const counting = () => {
      asked++;
      return false;
    };
    ws.expect(counting, 1);
    ws.expect(counting, 9).kill();
    await timers.advance(1_000);
    world.server.send('x');
    await world.settle();
    expect([asked, timers.next]).toEqual([0, undefined]);
  });

  it('[WS-30] rejects with what its function throws, and hinders no other', async () => {
    const { world, ws } = await joinWs();
    const { promise } = ws.expect(() => {
      throw new TypeError('Of the application');
    });
    const { promise: other } = ws.expect('pong');
    world.server.send('pong', 1);
    await world.settle();
    await expect(promise).rejects.toThrow('Of the application');
    expect(await other).toBe(1);
  });

  it('[WS-19] [WS-20] goes by the options where it is told nothing else', async () => {
    const { world, ws, timers } = await joinWs({ expect: 'update', expectSeconds: 2 });
    const [first, second] = [ws.expect(), ws.expect(true)];
    world.server.send('other');
    world.server.send('update', 1);
    await world.settle();
    expect([await first.promise, await second.promise]).toEqual([1, 1]);
    const late = outcome(ws.expect().promise);
    await timers.advance(2_000);
    expect(await late).toBe('timeout');
    const { ws: other, timers: others } = await joinWs();
    other.expect();
    expect(others.next).toBe(7_000);
  });
});

describe('the line', () => {
  it('[WS-02] [WS-03] [WS-27] is opened when it is made; what is sent and saved before waits', async () => {
    const { world, ws, heard, backbone } = openWs();
    void ws.send({ hello: 1 });
    const task = new (backbone.Model.extend({ urlRoot: '/tasks' }))({ id: 1 });
    task.save();
    expect(ws.isOpen).toBe(false);
    await world.settle();
    expect([ws.isOpen, heard]).toEqual([true, [{ hello: 1 }]]);
    expect(await world.server.rows('/tasks')).toEqual([{ id: 1 }]);
  });

  it('[WS-22] is ready with its first connection', async () => {
    const { world, ws } = openWs();
    await world.settle();
    expect(await ws.ready).toBe(ws);
  });

  it('[WS-22] is not ready where the first attempt fails', async () => {
    const { world, ws } = openWs();
    world.line.cut();
    const code = outcome(ws.ready);
    await world.settle();
    expect(await code).toBe('unreachable');
    world.line.mend();
    await world.settle();
    ws.close();
    await world.settle();
    ws.open();
    const again = ws.ready;
    await world.settle();
    expect(await again).toBe(ws);
    ws.open();
    expect(await ws.ready).toBe(ws);
  });

  it('[WS-21] [WS-31] is opened again after it was closed', async () => {
    const { world, ws } = await joinWs();
    expect(ws.isOpen).toBe(true);
    ws.close();
    expect(ws.isOpen).toBe(false);
    ws.open();
    await world.settle();
    expect(ws.isOpen).toBe(true);
  });

  it('[WS-28] is destroyed: it never opens again by itself, and nobody hears anything', async () => {
    const { world, ws, model, timers } = await joinWs({ reopenTimeout: 100 });
    ws.bind(model);
    ws.destroy();
    const told = eventsOf(model, 'all');
    world.server.send('x');
    world.line.cut();
    world.line.mend();
    await world.settle();
    await world.clock.turn(120_000);
    expect([ws.isOpen, ws.resources, told, timers.next]).toEqual([false, [], [], undefined]);
  });

  it('[WS-28] is destroyed: nobody waits for a message any more, nor does a timer', async () => {
    const { ws, timers } = await joinWs();
    const { promise } = ws.expect('news', 60);
    expect(timers.next).toBeDefined();
    ws.destroy();
    await expect(promise).rejects.toMatchObject({ code: 'abort' });
    expect(timers.next).toBeUndefined();
  });
});
