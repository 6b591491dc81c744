import { describe, expect, it } from 'vitest';
import { type Storage, StorageError, type StorageFault, type StorageNews } from '../../src/hub/storage.ts';
import type { Receipt } from '../../src/protocol/receipt.ts';
import type { Requests } from '../../src/protocol/server-up.ts';
import { EMPTY, type MemoryDisk, memoryDisk } from '../../src/testing/disk/memory-disk.ts';
import { deferred } from '../support/deferred.ts';
import { HubWorld } from '../support/hub-world.ts';
import { TOPIC } from '../support/mutations.ts';
import { storageMethods } from '../support/storage-methods.ts';

const isDeposed = (tab: { messages: readonly { type: string }[] }) =>
  tab.messages.some(({ type }) => type === 'deposed');

describe('a database that somebody deletes', () => {
  it('[SF6] is made anew at once, with the outbox and the replica: the next hub finds both', async () => {
    const world = new HubWorld();
    world.server.note(TOPIC, 'a', { title: 'A' });
    const tab = await world.tab('tab1');
    tab.follow();
    await world.settle(2_000);
    await world.offline();
    tab.write({ record: 'b', set: { x: 1 } }, { record: 'c', set: { x: 1 } });
    await world.settle();
    world.disk.empty();
    await world.settle();
    expect(world.onDisk).toEqual(['tab1:1', 'tab1:2']);
    tab.write({ record: 'd', set: { x: 1 } });
    await world.settle();
    expect([tab.story(3), world.onDisk.length]).toEqual([['queued'], 3]);
    expect(tab.status).toMatchObject({ durable: true, durableReason: null });
    await world.hub.close();
    world.start();
    const next = await world.tab('tab2');
    const read = next.read({ cache: 'only' });
    await world.settle();
    expect(next.rows(read)).toEqual({ a: { title: 'A' }, b: { x: 1 }, c: { x: 1 }, d: { x: 1 } });
    await world.online();
    expect(world.server.log(TOPIC)).toHaveLength(4);
  });

  it('[SF6] is made anew where it was deleted while the hub began', async () => {
    const disk: MemoryDisk = memoryDisk({
      after: ({ type }) => {
        if (type === 'open' && disk.rows.outbox.size > 0) disk.empty();
      },
    });
    const world = new HubWorld({ disk });
    const tab = await world.tab('tab1');
    await world.offline();
    tab.write({ record: 'a', set: { x: 1 } });
    await world.settle();
    await world.hub.close();
    world.start();
    await world.settle();
    expect([world.onDisk, world.logged.includes('storage-refused')]).toEqual([['tab1:1'], false]);
  });

  it('[SF6] is found out with the next write where nobody was told', async () => {
    const world = new HubWorld();
    const tab = await world.tab('tab1');
    await world.offline();
    tab.write({ record: 'a', set: { x: 1 } });
    await world.settle();
    Object.assign(world.disk.rows, EMPTY);
    world.disk.rows.outbox.clear();
    tab.write({ record: 'b', set: { x: 1 } });
    await world.settle();
    expect([tab.story(2), world.onDisk]).toEqual([['queued'], ['tab1:1', 'tab1:2']]);
  });

  it('[SF6] is made anew with a refused write that another, which is not to be queued, took the place of', async () => {
    const world = new HubWorld();
    const tab = await world.tab('tab1');
    world.server.on('push', ({ mutations }: Requests['push']) => ({
      receipts: mutations.map(
        ({ mutation }): Receipt => ({ type: 'invalid', ids: [mutation.id], code: 'invalid', message: 'no' }),
      ),
      number: 1,
    }));
    tab.write({ record: 'a', set: { x: 1 } });
    await world.settle();
    world.server.hold('push');
    tab.write({ record: 'a', set: { x: 2 }, queue: false });
    await world.settle();
    world.disk.empty();
    await world.settle();
    expect(world.onDisk).toEqual(['tab1:1']);
  });

  it('[SF6] belongs to the younger of the hubs that had it, though the older made it anew first', async () => {
    const world = new HubWorld();
    const old = world.hub;
    const asleep = await world.tab('tab1', old);
    await world.offline();
    world.start();
    const tab = await world.tab('tab2');
    tab.write({ record: 'a', set: { x: 1 } });
    await world.settle();
    world.disk.empty();
    await world.settle();
    asleep.write({ record: 'b', set: { x: 1 } });
    await world.settle();
    expect([isDeposed(asleep), isDeposed(tab), world.onDisk]).toEqual([true, false, ['tab2:1']]);
  });

  it('[SF6] belongs to the hub that opened it meanwhile', async () => {
    const world = new HubWorld();
    const tab = await world.tab('tab1');
    Object.assign(world.disk.rows, EMPTY);
    world.start();
    await world.tab('tab2');
    tab.write({ record: 'a', set: { x: 1 } });
    await world.settle();
    expect([isDeposed(tab), world.onDisk]).toEqual([true, []]);
  });
});

it('[SF7] a hub whose database a newer page upgrades is deposed, and leaves it alone', async () => {
  let newer = false;
  const disk = memoryDisk({
    before: (step) => {
      if (newer && step.type === 'commit') throw new StorageError('newer', 'version 9 is higher than 2');
    },
  });
  const world = new HubWorld({ disk });
  const tab = await world.tab('tab1');
  await world.offline();
  newer = true;
  tab.write({ record: 'a', set: { x: 1 } });
  await world.settle();
  expect([isDeposed(tab), tab.story(1), world.onDisk]).toEqual([true, [], []]);
});

describe('a database that cannot be had at the start', () => {
  /** Opens where `fault` is null; `waits`: it says nothing until it is let go. */
  function lateDisk(fault: StorageFault | null, news?: StorageNews) {
    const disk = memoryDisk();
    const state = { fault, go: () => {} };
    const storage = (): Storage => {
      const inner = disk.storage();
      return {
        ...storageMethods(inner),
        async open(boot, protocol, told) {
          if (state.fault) throw new StorageError(state.fault, 'no');
          if (news) {
            told?.(news);
            const gate = deferred<void>();
            state.go = gate.resolve;
            await gate.promise;
          }
          return inner.open(boot, protocol, told);
        },
      };
    };
    return { disk, state, storage };
  }

  it('[SF8] is tried again: what an earlier hub left goes first, then what was in memory, which is queued now', async () => {
    const { disk, state, storage } = lateDisk(null);
    const world = new HubWorld({ disk });
    world.server.note(TOPIC, 'z', { title: 'Z' });
    const before = await world.tab('tab0');
    before.follow();
    await world.settle(2_000);
    await world.offline();
    before.write({ record: 'a', set: { x: 0 } });
    await world.settle();
    await world.hub.close();

    state.fault = 'refused';
    world.start({ storage: storage() });
    const tab = await world.tab('tab1');
    tab.follow();
    await world.settle();
    expect(tab.status).toMatchObject({ durable: false, durableReason: 'refused', pending: 0 });
    await world.clock.advance(30_000);
    const go = world.server.hold('push');
    world.server.up = true;
    await world.clock.advance(31_000);
    tab.write({ record: 'b', set: { x: 1 } });
    await world.settle();
    state.fault = null;
    await world.clock.advance(300_000);
    expect(tab.story(1)).toEqual(['queued']);
    expect(tab.status).toMatchObject({ durable: true, durableReason: null, pending: 2 });
    expect(world.onDisk).toEqual(['tab0:1', 'tab1:1']);
    expect(['z', 'a', 'b'].map((record) => tab.seen(record))).toEqual([{ title: 'Z' }, { x: 0 }, undefined]);
    go();
    await world.clock.advance(31_000);
    expect(
      world.server
        .log(TOPIC)
        .map(([record]) => record)
        .sort(),
    ).toEqual(['a', 'b', 'z']);
    expect(world.onDisk).toEqual([]);
  });

  it('[SF8] that a newer page made is not tried again', async () => {
    const { disk, state, storage } = lateDisk('newer');
    const world = new HubWorld({ disk, storage: storage() });
    const tab = await world.tab('tab1');
    state.fault = null;
    await world.clock.advance(3_600_000);
    expect([tab.status?.durable, tab.status?.durableReason, disk.rows.generation]).toEqual([
      false,
      'newer',
      0,
    ]);
  });

  it('[SF9] [WH4] because an old page keeps it is named blocked; once that page is gone all is durable', async () => {
    const { disk, state, storage } = lateDisk(null, 'blocked');
    const world = new HubWorld({ disk, storage: storage() });
    const tab = await world.tab('tab1');
    expect(tab.status).toBe(null);
    await world.clock.advance(9_000);
    // 0 = it lives, and has taken nothing yet.
    expect(tab.messages.slice(0, 10)).toEqual(Array(10).fill({ type: 'received', count: 0 }));
    expect(tab.status).toMatchObject({ durable: false, durableReason: 'blocked', connection: 'open' });
    tab.write({ record: 'a', set: { x: 1 } });
    await world.settle();
    expect(tab.story(1)).toEqual(['settled applied']);
    state.go();
    await world.settle();
    expect(tab.status).toMatchObject({ durable: true, durableReason: null });
  });
});
