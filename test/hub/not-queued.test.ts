import { describe, expect, it } from 'vitest';
import type { MutationId } from '../../src/protocol/ids.ts';
import { HubWorld } from '../support/hub-world.ts';
import { type MutationInit, TOPIC } from '../support/mutations.ts';

/** One that is not to be queued, its batch with it, and one behind it that is: the server has them, and says nothing until they arrive. */
async function onTheWay(more: Partial<MutationInit> = {}, ...others: MutationInit[]) {
  const world = new HubWorld();
  const tab = await world.tab('tab1');
  const arrive = world.server.hold('push');
  tab.write({ record: 'p', set: { x: 1 }, queue: false, ...more }, ...others);
  tab.write({ record: 'p', set: { x: 2 } });
  await world.settle();
  return { world, tab, arrive };
}

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
    const { world, arrive } = await onTheWay();
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

  it.each(['before it', 'with it'])(
    '[OB20] is withdrawn by the next hub also where its tab sleeps; the connection was lost %s',
    async (when) => {
      const { world, tab, arrive } = await onTheWay();
      tab.post({ type: 'goodbye' });
      if (when === 'before it') await world.offline();
      await world.hub.close();
      world.server.on('push', null);
      world.start();
      await world.online();
      expect(world.server.requests('withdraw')).toEqual([{ user: 'ann', ids: ['tab1:1'] }]);
      arrive();
      await world.settle();
      expect(world.server.rows(TOPIC).map(([, , attrs]) => attrs)).toEqual([{ x: 2 }]);
      expect(world.onDisk).toEqual([]);
    },
  );

  it('[OB20] is withdrawn by the hub after the next, where that had no connection, with all of its batch', async () => {
    const batch = { id: 'tab1:1' as MutationId, size: 2 };
    const { world, arrive } = await onTheWay({ batch }, { record: 'q', set: { x: 1 }, batch });
    await world.offline();
    await world.hub.close();
    world.start();
    await world.settle();
    await world.hub.close();
    world.server.on('push', null);
    world.start();
    await world.online();
    const [asked] = world.server.requests('withdraw');
    expect(asked?.ids.toSorted()).toEqual(['tab1:1', 'tab1:2']);
    arrive();
    await world.settle();
    expect(world.server.rows(TOPIC).map(([, , attrs]) => attrs)).toEqual([{ x: 2 }]);
    expect(world.onDisk).toEqual([]);
  });

  it('[OB20] fails at once where the next hub had it from the disk', async () => {
    const { world } = await onTheWay();
    await world.offline();
    await world.hub.close();
    world.start();
    const again = await world.tab('tab1');
    again.write({ n: 1, record: 'p', set: { x: 1 }, queue: false, repeated: true });
    await world.settle();
    expect([again.story(1), again.status?.pending]).toEqual([['failed unreachable'], 2]);
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
