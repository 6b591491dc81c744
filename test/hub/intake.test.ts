import { describe, expect, it } from 'vitest';
import type { UserId } from '../../src/protocol/ids.ts';
import { HubWorld } from '../support/hub-world.ts';
import { TOPIC } from '../support/mutations.ts';

describe('a write that is not to be queued', () => {
  it('[OB20] fails at once without a connection, and never enters the outbox', async () => {
    const world = new HubWorld();
    const tab = await world.tab('tab1');
    await world.offline();
    tab.write({ set: { pay: 1 }, queue: false });
    await world.settle();
    expect(tab.story(1)).toEqual(['failed unreachable']);
    await world.online();
    expect(world.server.pushes).toEqual([]);
  });

  it('[OB20] is not on the disk, and fails where the connection is lost before the answer', async () => {
    const world = new HubWorld();
    const tab = await world.tab('tab1');
    world.server.on('push', () => new Promise(() => undefined));
    tab.write({ record: 'p', set: { pay: 1 }, queue: false });
    await world.settle();
    expect([world.onDisk, tab.story(1)]).toEqual([[], []]);
    await world.offline();
    expect(tab.story(1)).toEqual(['failed unreachable']);
    world.server.on('push', null);
    await world.online();
    expect(world.server.pushes).toHaveLength(1);
  });

  it('[OB20] is withdrawn where its connection was lost, before what follows it goes: the server may be at it yet', async () => {
    const world = new HubWorld();
    const tab = await world.tab('tab1');
    const arrive = world.server.hold('push');
    tab.write({ record: 'p', set: { x: 1 }, queue: false });
    await world.settle();
    await world.offline();
    tab.write({ record: 'p', set: { x: 2 } });
    await world.settle();
    expect([tab.story(1), tab.seen('p')]).toEqual([['failed unreachable'], undefined]);
    world.server.on('push', null);
    await world.online();
    expect(world.server.requests('withdraw')).toEqual([{ user: 'ann', ids: ['tab1:1'] }]);
    arrive();
    await world.settle();
    expect(world.server.rows(TOPIC).map(([, , attrs]) => attrs)).toEqual([{ x: 2 }]);
    expect([tab.status?.pending, tab.story(2).at(-1), world.onDisk]).toEqual([0, 'settled applied', []]);
  });

  it('[OB20] is withdrawn by the next hub, before what follows it goes', async () => {
    const world = new HubWorld();
    const tab = await world.tab('tab1');
    const arrive = world.server.hold('push');
    tab.write({ record: 'p', set: { x: 1 }, queue: false });
    tab.write({ record: 'p', set: { x: 2 } });
    await world.settle();
    await world.offline();
    await world.hub.close();
    world.server.on('push', null);
    world.start();
    const again = await world.tab('tab1');
    again.write({ n: 1, record: 'p', set: { x: 1 }, queue: false, repeated: true });
    again.write({ n: 2, record: 'p', set: { x: 2 }, repeated: true });
    await world.online();
    expect(again.story(1)[0]).toBe('failed unreachable');
    expect(world.server.requests('withdraw')).toEqual([{ user: 'ann', ids: ['tab1:1'] }]);
    arrive();
    await world.settle();
    expect(world.server.rows(TOPIC).map(([, , attrs]) => attrs)).toEqual([{ x: 2 }]);
    expect([again.status?.pending, world.onDisk]).toEqual([0, []]);
  });

  it('[OB20] fails with the connection while it waits for its lane', async () => {
    const world = new HubWorld();
    const tab = await world.tab('tab1');
    world.server.on('push', () => new Promise(() => undefined));
    tab.write({ record: 'p', set: { x: 1 } });
    await world.settle();
    tab.write({ record: 'p', set: { pay: 1 }, queue: false });
    await world.settle();
    await world.offline();
    expect(tab.story(2)).toEqual(['failed unreachable']);
    world.server.on('push', null);
    await world.online();
    expect(world.server.pushes.flat()).toEqual(['tab1:1', 'tab1:1']);
  });

  it('[OB20] fails where the server asks to wait, and settles with its answer otherwise', async () => {
    const world = new HubWorld();
    const tab = await world.tab('tab1');
    tab.write({ record: 'p', set: { pay: 1 }, queue: false });
    await world.settle();
    expect(tab.story(1)).toEqual(['settled applied']);
    world.server.on('push', ({ mutations }) => ({
      receipts: [
        {
          type: 'retry',
          ids: mutations.map(({ mutation }) => mutation.id),
          code: 'retry',
          message: '',
          after: 0,
        },
      ],
      number: 1,
    }));
    tab.write({ record: 'p', set: { pay: 2 }, queue: false });
    await world.clock.advance(60_000);
    expect(tab.story(2)).toEqual(['failed retry']);
    expect(world.server.pushes).toHaveLength(2);
  });
});

describe('a write that cannot be taken', () => {
  it('[OB21] fails at once where it is larger than the server takes, and holds up no other', async () => {
    const world = new HubWorld();
    world.server.limits = { ...world.server.limits, record: 1_000 };
    const tab = await world.tab('tab1');
    tab.write({ record: 'a', set: { text: 'x'.repeat(2_000) } }, { record: 'b', set: { text: 'x' } });
    await world.settle();
    expect(tab.story(1)).toEqual(['failed too-large']);
    expect(tab.story(2)).toEqual(['settled applied']);
  });

  it("[OB21] fails where it was made by another user than this hub's", async () => {
    const world = new HubWorld();
    const tab = await world.tab('tab1');
    tab.write({ user: 'bob' as UserId, set: { x: 1 } });
    await world.settle();
    expect(tab.story(1)).toEqual(['failed wrong-user']);
    expect([world.server.pushes, world.onDisk]).toEqual([[], []]);
  });

  it('[OB21] sends nothing to a server that knows another user', async () => {
    const world = new HubWorld();
    world.server.user = 'bob' as UserId;
    const tab = await world.tab('tab1');
    tab.write({ set: { x: 1 } });
    await world.settle();
    expect(tab.status).toMatchObject({ connection: 'paused', reason: 'wrong-user' });
    expect(tab.story(1)).toEqual(['queued']);
    expect(world.server.asked).toEqual([]);
  });
});

describe('a hub that starts', () => {
  it('[OB22] goes on with the outbox of the one before, in its order, folding nothing', async () => {
    const world = new HubWorld();
    const tab = await world.tab('tab1');
    await world.offline();
    for (const x of [1, 2, 3]) tab.write({ record: 'a', set: { x } });
    tab.write({ record: 'b', set: { x: 1 } });
    await world.settle();
    await world.hub.close();
    world.start();
    await world.online();
    expect(world.server.pushes).toEqual([['tab1:1', 'tab1:2', 'tab1:3', 'tab1:4']]);
    expect(world.onDisk).toEqual([]);
  });

  it('[OB22] knows a repeated write by its id, and says how it stands', async () => {
    const world = new HubWorld();
    const tab = await world.tab('tab1');
    await world.offline();
    tab.write({ record: 'a', set: { x: 1 } });
    await world.settle();
    await world.hub.close();
    world.start();
    const again = await world.tab('tab1');
    again.write({ n: 1, record: 'a', set: { x: 1 }, repeated: true });
    again.write({ n: 2, record: 'a', set: { x: 2 }, repeated: true });
    await world.settle();
    expect([1, 2].map((n) => again.story(n))).toEqual([['queued'], ['queued']]);
    await world.online();
    expect(world.server.log(TOPIC)).toHaveLength(2);
    expect([1, 2].map((n) => again.story(n).at(-1))).toEqual(['settled applied', 'settled applied']);
  });

  it('[OB22] gets the first answer again for what was settled without its tab', async () => {
    const world = new HubWorld();
    const tab = await world.tab('tab1');
    tab.write({ record: 'a', set: { x: 1 } });
    await world.settle();
    await world.hub.close();
    world.start();
    const again = await world.tab('tab1');
    again.write({ n: 1, record: 'a', set: { x: 1 }, repeated: true });
    await world.settle();
    expect(again.story(1).at(-1)).toBe('settled applied');
    expect(world.server.log(TOPIC)).toHaveLength(1);
  });

  it('[OB22] still offers what was refused', async () => {
    const world = new HubWorld();
    const tab = await world.tab('tab1');
    world.server.on('push', ({ mutations }) => ({
      receipts: [
        { type: 'gone', ids: mutations.map(({ mutation }) => mutation.id), code: 'gone', message: '' },
      ],
      number: 1,
    }));
    tab.write({ record: 'a', base: 1, set: { x: 1 } });
    await world.settle();
    await world.hub.close();
    world.start();
    const again = await world.tab('tab1');
    again.post({ type: 'watch' });
    again.write({ n: 1, record: 'a', set: { x: 1 }, repeated: true });
    await world.settle();
    expect(again.outbox.get('tab1:1')).toMatchObject({ state: 'rejected' });
    expect(again.story(1)).toEqual(['settled gone']);
    expect(world.server.pushes).toHaveLength(1);
  });
});
