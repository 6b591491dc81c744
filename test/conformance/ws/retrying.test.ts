import { describe, expect, it } from 'vitest';
import { eventsOf, joinWs } from './open-ws.ts';

/** The longest that the hub waits between two attempts. */
const LONGEST = 31_000;

describe('attempts', () => {
  it('[WS-13] [WS-15] are made for ever, the wait between them growing up to a bound', async () => {
    const { world, ws } = await joinWs({ prefix: 'ws' });
    const told = eventsOf(ws, 'ws:error', 'ws:noretries', 'ws:open');
    world.line.cut();
    for (let i = 0; i < 20; i++) await world.clock.turn(LONGEST);
    expect(told.length).toBeGreaterThan(20);
    expect(told.map(([name]) => name)).not.toContain('ws:noretries');
    world.line.mend();
    await world.clock.turn(LONGEST);
    expect(told.at(-1)).toEqual(['ws:open']);
  });

  it('[WS-13] are not made where reopen is false', async () => {
    const { world, ws } = await joinWs({ prefix: 'ws', reopen: false });
    const told = eventsOf(ws, 'ws:close', 'ws:noretries');
    world.line.cut();
    world.line.mend();
    await world.clock.turn(10 * LONGEST);
    expect([ws.isOpen, told.map(([name]) => name)]).toEqual([false, ['ws:close']]);
    ws.reconnect();
    await world.settle();
    expect(ws.isOpen).toBe(true);
  });

  it('[WS-14] are made after reopenTimeout at the latest', async () => {
    const { world, ws, timers } = await joinWs({ prefix: 'ws', reopenTimeout: 700 });
    world.line.cut();
    await world.clock.turn(LONGEST);
    expect(timers.next).toBe(700);
    world.line.mend();
    await timers.advance(700);
    await world.clock.turn(600);
    expect(ws.isOpen).toBe(true);
  });

  it('[WS-15] [WS-41] are so many as retries says, counted anew once it was open', async () => {
    const { world, ws, model } = await joinWs({ prefix: 'ws', retries: 3 });
    ws.bind(model);
    const told = eventsOf(model, 'ws:error', 'ws:noretries', 'ws:open');
    for (const _ of [1, 2]) {
      world.line.cut();
      await world.clock.turn(50);
      world.line.mend();
      await world.clock.turn(LONGEST);
    }
    expect(told.map(([name]) => name)).toEqual(['ws:error', 'ws:open', 'ws:error', 'ws:open']);
    told.length = 0;
    world.line.cut();
    for (let i = 0; i < 9; i++) await world.clock.turn(LONGEST);
    // The loss, and three attempts.
    expect(told.map(([name]) => name)).toEqual([...Array(4).fill('ws:error'), 'ws:noretries']);
    expect(told.at(-1)?.[1]).toMatchObject({ code: 'unreachable', attempts: 4 });
    world.line.mend();
    for (let i = 0; i < 9; i++) await world.clock.turn(LONGEST);
    expect([ws.isOpen, ws.status.get('connection')]).toEqual([false, 'closed']);
  });
});
