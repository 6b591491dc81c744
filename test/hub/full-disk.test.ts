import { expect, it } from 'vitest';
import { type Op, StorageError } from '../../src/hub/storage.ts';
import type { Topic } from '../../src/protocol/ids.ts';
import { type MemoryDisk, memoryDisk } from '../../src/testing/disk/memory-disk.ts';
import { HubWorld } from '../support/hub-world.ts';
import { TOPIC } from '../support/mutations.ts';

/** A disk that takes so many rows; a topic's row counts as one. A transaction that would hold more is not done. */
function smallDisk(): { disk: MemoryDisk; room: { rows: number } } {
  const room = { rows: Number.POSITIVE_INFINITY };
  const disk: MemoryDisk = memoryDisk({
    before(step) {
      if (step.type !== 'commit' || step.ops.every(isClearing)) return;
      if (used(disk) + step.ops.filter(({ type }) => type.startsWith('put')).length > room.rows)
        throw new StorageError('full', 'no room');
    },
  });
  return { disk, room };
}

const isClearing = ({ type }: Op): boolean =>
  type.startsWith('clear') || type.startsWith('delete') || type === 'erase';

const used = ({ rows: { outbox, topics, records } }: MemoryDisk): number =>
  outbox.size + topics.size + [...records.values()].reduce((sum, { size }) => sum + size, 0);

const kept = ({ rows }: MemoryDisk): string[] => [...rows.topics.keys()].sort();

/** A world whose disk has three topics, of which only TOPIC is followed; the others were read, /old before /young. */
async function worldOfTopics() {
  const { disk, room } = smallDisk();
  const world = new HubWorld({ disk });
  for (const name of ['/old', '/young', TOPIC] as Topic[]) world.server.note(name, 'a', { title: name });
  const tab = await world.tab('tab1');
  for (const name of ['/old', '/young'] as Topic[]) {
    tab.follow(name);
    await world.settle(2_000);
    tab.post({ type: 'release', topic: name });
    await world.settle();
  }
  tab.follow();
  await world.settle(2_000);
  expect(kept(disk)).toEqual([TOPIC, '/old', '/young'].sort());
  return { disk, room, world, tab };
}

it('[SF2] gives up the oldest topic that nobody follows, and keeps the write', async () => {
  const { disk, room, world, tab } = await worldOfTopics();
  await world.offline();
  room.rows = used(disk);
  tab.write({ record: 'b', set: { x: 1 } });
  await world.settle();
  expect(kept(disk)).toEqual([TOPIC, '/young'].sort());
  expect(world.onDisk).toEqual(['tab1:1']);
  expect(tab.story(1)).toEqual(['queued']);
  expect(tab.status).toMatchObject({ durable: true, durableReason: null });
});

it('[SF2] gives up followed topics last, and never a write', async () => {
  const { disk, room, world, tab } = await worldOfTopics();
  await world.offline();
  room.rows = 3;
  for (const record of ['b', 'c']) tab.write({ record, set: { x: 1 } });
  await world.settle();
  expect([kept(disk), world.onDisk]).toEqual([[], ['tab1:1', 'tab1:2']]);
  room.rows = 2;
  tab.write({ record: 'd', set: { x: 1 } });
  await world.settle();
  expect(world.onDisk).toEqual(['tab1:1', 'tab1:2']);
});

it('[SF2] gives up single records that were read, when there are no topics left', async () => {
  const { disk, room } = smallDisk();
  const world = new HubWorld({ disk });
  world.server.note(TOPIC, 'a', { title: 'A' });
  const tab = await world.tab('tab1');
  tab.read({ record: 'a' });
  await world.settle(1_500);
  expect(disk.rows.records.get(TOPIC)?.size).toBe(1);
  await world.offline();
  room.rows = 1;
  tab.write({ record: 'b', set: { x: 1 } });
  await world.settle();
  expect([disk.rows.records.size, world.onDisk]).toEqual([0, ['tab1:1']]);
});

it('[SF3] keeps in memory what it gives up of the disk, and the next hub asks the server', async () => {
  const { disk, room, world, tab } = await worldOfTopics();
  room.rows = 1;
  tab.write({ record: 'b', set: { x: 1 } });
  await world.settle();
  await world.offline();
  const read = tab.read({ cache: 'only' });
  await world.settle();
  expect(tab.rows(read)).toEqual({ a: { title: TOPIC }, b: { x: 1 } });
  room.rows = Number.POSITIVE_INFINITY;
  await world.online();
  // Changes alone do not make a topic whole: they stay off the disk.
  world.server.note(TOPIC, 'c', { x: 2 });
  await world.settle(2_000);
  expect([kept(disk), disk.rows.records.get(TOPIC)?.size ?? 0]).toEqual([[], 0]);
  await world.hub.close();
  world.start();
  const next = await world.tab('tab2');
  next.follow();
  const again = next.read();
  await world.settle(2_000);
  expect(next.rows(again)).toEqual({ a: { title: TOPIC }, b: { x: 1 }, c: { x: 2 } });
  expect(kept(disk)).toEqual([TOPIC]);
});

it('[SF4] tells 507 where there is neither room nor a connection, also to what follows, and forgets both', async () => {
  const { room, world, tab } = await worldOfTopics();
  await world.offline();
  room.rows = 0;
  tab.write({ record: 'b', method: 'create', set: { x: 1 } });
  await world.settle(1_000);
  tab.write({ record: 'b', method: 'update', set: { x: 2 }, base: 'previous' });
  await world.clock.advance(1_500);
  expect([1, 2].map((n) => tab.story(n))).toEqual([[], []]);
  expect(tab.status).toMatchObject({ durable: false, durableReason: 'full', pending: 2 });
  await world.clock.advance(1_000);
  expect([1, 2].map((n) => tab.story(n))).toEqual([['failed storage'], ['failed storage']]);
  expect(tab.settlements.map((one) => one.type === 'failed' && one.status)).toEqual([507, 507]);
  room.rows = Number.POSITIVE_INFINITY;
  await world.online();
  expect([world.server.log(TOPIC).length, tab.status?.pending, world.onDisk]).toEqual([1, 0, []]);
});

it('[SF4] waits for the server’s word over a connection, however full the disk is, and does not say queued', async () => {
  const { room, world, tab } = await worldOfTopics();
  room.rows = 0;
  const go = world.server.hold('push');
  tab.write({ record: 'b', set: { x: 1 } });
  await world.settle(10_000);
  expect(tab.story(1)).toEqual([]);
  expect(tab.status).toMatchObject({ durable: false, durableReason: 'full' });
  go();
  await world.settle();
  expect(tab.story(1)).toEqual(['settled applied']);
});

it('[SF4] does not give up what may have been sent', async () => {
  const { room, world, tab } = await worldOfTopics();
  room.rows = 0;
  world.server.hold('push');
  tab.write({ record: 'b', set: { x: 1 } });
  await world.settle();
  await world.offline();
  await world.clock.advance(20_000);
  expect([tab.story(1), tab.status?.pending]).toEqual([[], 1]);
});

it('[SF5] is durable again by itself when there is room', async () => {
  const { room, world, tab } = await worldOfTopics();
  await world.offline();
  room.rows = 0;
  tab.write({ record: 'b', set: { x: 1 } });
  await world.settle(1_000);
  expect(tab.status).toMatchObject({ durable: false, durableReason: 'full' });
  room.rows = 1;
  await world.settle(1_500);
  expect([tab.story(1), world.onDisk]).toEqual([['queued'], ['tab1:1']]);
  expect(tab.status).toMatchObject({ durable: true, durableReason: null });
});
