import { describe, expect, it, vi } from 'vitest';
import { hubLock } from '../../src/hub/parts.ts';
import { type Storage, StorageError, type StorageFault } from '../../src/hub/storage.ts';
import { memoryDisk } from '../../src/testing/disk/memory-disk.ts';
import { portPair } from '../../src/testing/port-pair.ts';
import { deferred } from '../support/deferred.ts';
import { HubWorld } from '../support/hub-world.ts';
import { TOPIC } from '../support/mutations.ts';
import { RawTab } from '../support/raw-tab.ts';
import { storageMethods } from '../support/storage-methods.ts';

const deposed = (tab: { messages: readonly { type: string }[] }) =>
  tab.messages.some(({ type }) => type === 'deposed');

describe('two hubs over one disk', () => {
  it('[HB12] the second deposes the first, which tells its tabs, settles nothing and sends nothing more', async () => {
    const world = new HubWorld();
    const tab = await world.tab('tab1');
    const first = world.hub;
    const go = world.server.hold('push');
    tab.write({ record: 'a', set: { x: 1 } });
    await world.settle();
    world.start();
    await world.settle();
    tab.write({ record: 'b', set: { x: 1 } });
    await world.settle();
    expect(deposed(tab)).toBe(true);
    const { length } = world.server.pushes;
    go();
    tab.write({ record: 'c', set: { x: 1 } });
    await world.clock.advance(60_000);
    expect(tab.settlements.filter(({ type }) => type !== 'queued')).toEqual([]);
    expect(tab.settlements.map(({ n }) => n)).toEqual([1]);
    expect(world.server.pushes.flat().filter((id) => id.includes(':3'))).toEqual([]);
    expect(world.server.pushes.slice(length)).toEqual([['tab1:1']]);
    const late = await world.tab('tab2', first);
    expect(late.messages.map(({ type }) => type)).toEqual(expect.arrayContaining(['welcome', 'deposed']));
    expect(late.batches).toEqual([]);
  });

  it('[HB12] what its tabs repeat to the second is done once', async () => {
    const world = new HubWorld();
    const tab = await world.tab('tab1');
    await world.offline();
    tab.write({ record: 'a', set: { x: 1 } });
    await world.settle();
    world.start();
    await world.settle();
    tab.write({ record: 'a', set: { x: 2 } });
    await world.settle();
    expect(deposed(tab)).toBe(true);
    expect(tab.story(2)).toEqual([]);
    const again = await world.tab('tab1');
    again.write(
      { n: 1, record: 'a', set: { x: 1 }, repeated: true },
      { n: 2, record: 'a', set: { x: 2 }, repeated: true },
    );
    await world.online();
    expect([1, 2].map((n) => again.story(n).at(-1))).toEqual(['settled applied', 'settled applied']);
    expect(world.server.log(TOPIC).map(([, , set]) => set)).toEqual([{ x: 1 }, { x: 2 }]);
    expect(world.onDisk).toEqual([]);
  });
});

describe('a hub that cannot have what it needs', () => {
  const never = () => new Promise<never>(() => undefined);

  it('[HB20] goes on in memory where the database does not answer, before its tabs give it up', async () => {
    const closed = vi.fn();
    const silent: Storage = { open: never, records: never, queries: never, commit: never, close: closed };
    const world = new HubWorld({ storage: silent });
    const tab = await world.tab('tab1');
    await world.clock.advance(9_000);
    expect(tab.status).toMatchObject({ durable: false, durableReason: 'silent', connection: 'open' });
  });

  it('[LE10] waits less for it where the hub before is silent, and takes it over once it answers', async () => {
    const disk = memoryDisk();
    const storage = disk.storage();
    const answers = deferred<void>();
    const stalled: Storage = {
      ...storageMethods(storage),
      open: async (...args) => {
        await answers.promise;
        return storage.open(...args);
      },
    };
    const world = new HubWorld({ disk, storage: stalled, options: { opening: 750 } });
    const tab = await world.tab('tab1');
    tab.write({ record: 'a', set: { x: 1 } });
    await world.clock.advance(800);
    expect(tab.status).toMatchObject({ durable: false, durableReason: 'silent', connection: 'open' });
    expect(tab.story(1)).toEqual(['settled applied']);
    answers.resolve();
    await world.settle();
    expect(tab.status).toMatchObject({ durable: true });
  });

  it('[HB20] goes on without its lock where that is refused', async () => {
    const world = new HubWorld();
    const port = portPair();
    const locks = { hold: () => Promise.reject(new Error('no')), whenFree: () => () => undefined };
    world.start({ locks }).attach(port[1]);
    const tab = new RawTab('tab1', port[0]).hello();
    await world.settle();
    expect(tab.status).toMatchObject({ connection: 'open' });
  });
});

describe('a disk that fails', () => {
  it.each<StorageFault>(['refused', 'newer'])(
    '[HB13] at the start (%s): the hub goes on in memory, and every status says so, for good',
    async (fault) => {
      const refusing: Storage = {
        open: () => Promise.reject(new StorageError(fault, 'no')),
        queries: () => Promise.resolve([]),
        records: () => Promise.reject(new StorageError(fault, 'no')),
        commit: () => Promise.reject(new StorageError(fault, 'no')),
        close: () => undefined,
      };
      const world = new HubWorld({ storage: refusing });
      const tab = await world.tab('tab1');
      expect(tab.status).toMatchObject({ durable: false, durableReason: fault });
      tab.follow();
      tab.write({ record: 'a', set: { x: 1 } });
      await world.settle();
      expect(tab.story(1).at(-1)).toBe('settled applied');
      expect(tab.status).toMatchObject({ durable: false, durableReason: fault });
    },
  );

  it('[HB14] at a commit: nothing is called queued, the status says so, and it is tried again by itself', async () => {
    let fails = false;
    const disk = memoryDisk({
      before: (step) => {
        if (fails && step.type === 'commit') throw new StorageError('full', 'no room');
      },
    });
    const world = new HubWorld({ disk });
    const tab = await world.tab('tab1');
    await world.offline();
    fails = true;
    tab.write({ record: 'a', set: { x: 1 } });
    await world.settle();
    expect(tab.story(1)).toEqual([]);
    expect(tab.status).toMatchObject({ durable: false, durableReason: 'full' });
    fails = false;
    await world.clock.advance(2_000);
    expect(tab.story(1)).toEqual(['queued']);
    expect(tab.status).toMatchObject({ durable: true, durableReason: null });
    expect(world.onDisk).toEqual(['tab1:1']);
  });

  it('[HB14] at a commit: online the receipt settles all the same', async () => {
    let fails = false;
    const disk = memoryDisk({
      before: (step) => {
        if (fails && step.type === 'commit') throw new StorageError('failed', 'broken');
      },
    });
    const world = new HubWorld({ disk });
    const tab = await world.tab('tab1');
    fails = true;
    tab.write({ record: 'a', set: { x: 1 } });
    await world.settle();
    expect(tab.story(1)).toEqual(['settled applied']);
  });

  it('[HB14] at a read: what is kept of the topic counts as nothing, and is fetched again', async () => {
    let fails = false;
    const disk = memoryDisk({
      before: (step) => {
        if (fails && step.type === 'records') throw new StorageError('failed', 'broken');
      },
    });
    const world = new HubWorld({ disk });
    world.server.note(TOPIC, 'a', { title: 'A' });
    (await world.tab('tab1')).follow();
    await world.settle();
    await world.hub.close();
    fails = true;
    world.start();
    const tab = await world.tab('tab2');
    tab.follow();
    const read = tab.read();
    await world.settle();
    expect(tab.rows(read)).toEqual({ a: { title: 'A' } });
  });
});

describe('a hub that is closed', () => {
  it('[HB15] ends its connection and its lock, and leaves the outbox on the disk', async () => {
    const world = new HubWorld();
    const tab = await world.tab('tab1');
    world.server.on('push', () => new Promise(() => undefined));
    tab.write({ record: 'a', set: { x: 1 } });
    await world.settle();
    const { boot } = world.hub;
    await world.hub.close();
    await world.hub.close();
    await world.settle();
    expect(world.locks.isHeld(hubLock(boot))).toBe(false);
    expect(world.onDisk).toEqual(['tab1:1']);
    const { length } = world.server.hellos;
    await world.clock.advance(120_000);
    expect(world.server.hellos).toHaveLength(length);
  });

  it('[HB15] before it was ready: it never connects', async () => {
    const world = new HubWorld();
    await world.hub.close();
    await world.clock.advance(60_000);
    expect(world.server.hellos).toEqual([]);
  });
});
