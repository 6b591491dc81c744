import { describe, expect, it } from 'vitest';
import type { UserId } from '../../src/protocol/ids.ts';
import { HubWorld } from '../support/hub-world.ts';
import { TOPIC } from '../support/mutations.ts';

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
