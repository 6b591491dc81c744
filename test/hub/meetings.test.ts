import { expect, it } from 'vitest';
import { type OutboxRow, type Storage, StorageError } from '../../src/hub/storage.ts';
import { ANONYMOUS, type RecordKey } from '../../src/protocol/ids.ts';
import { PROTOCOL } from '../../src/protocol/version.ts';
import { type MemoryDisk, memoryDisk } from '../../src/testing/disk/memory-disk.ts';
import { deferred } from '../support/deferred.ts';
import { HubWorld } from '../support/hub-world.ts';
import { type MutationInit, mutationOf } from '../support/mutations.ts';
import type { RawTab } from '../support/raw-tab.ts';
import { storageMethods } from '../support/storage-methods.ts';

const TEMPORARY = '~01890000-0000-7000-8000-000000000001';

function left(disk: MemoryDisk, ...inits: MutationInit[]): void {
  for (const [i, init] of inits.entries()) {
    const row: OutboxRow = {
      order: i + 1,
      mutation: mutationOf(init),
      number: null,
      receipt: null,
      attempts: 0,
    };
    disk.rows.outbox.set(row.order, row);
  }
}

/** A storage that is not to be had until `state.refused` is false. */
function late(disk: MemoryDisk) {
  const state = { refused: true, slow: Promise.resolve() };
  const inner = disk.storage();
  const storage: Storage = {
    ...storageMethods(inner),
    async open(boot, protocol, told) {
      if (state.refused) throw new StorageError('refused', 'no');
      return inner.open(boot, protocol, told);
    },
    async records(topic) {
      await state.slow;
      return inner.records(topic);
    },
  };
  return { state, storage };
}

const helloAs = (tab: RawTab, more: { recordVersion?: number; adopt?: boolean; temporaries?: string[] }) =>
  tab.post({ type: 'hello', tab: tab.id, protocol: PROTOCOL, boot: null, n: tab.n, ...more });

const asked = (tab: RawTab) => tab.messages.flatMap((one) => (one.type === 'migrate' ? [one] : []));

it('[SF8] what a tab has repeated to a hub without a disk is on the disk too: it is one write', async () => {
  const disk = memoryDisk();
  left(disk, { n: 1, set: { x: 1 } }, { n: 2, set: { x: 2 } });
  const { state, storage } = late(disk);
  const world = new HubWorld({ disk, storage });
  world.server.up = false;
  const tab = await world.tab('tab1');
  tab.n = 1;
  tab.write({ set: { x: 2 }, repeated: true });
  await world.settle();
  state.refused = false;
  await world.clock.advance(300_000);
  expect(world.onDisk).toEqual(['tab1:1', 'tab1:2']);
  expect(tab.status).toMatchObject({ durable: true, pending: 2 });
  await world.online();
  expect(world.server.pushes.flat()).toEqual(['tab1:1', 'tab1:2']);
  expect([tab.story(2).at(-1), tab.status?.pending, world.onDisk]).toEqual(['settled applied', 0, []]);
});

it('[US14] two tabs that adopt at the same time adopt each write once', async () => {
  const anonymous = memoryDisk();
  left(anonymous, { tab: 'tab9', user: ANONYMOUS, set: { x: 1 } });
  const world = new HubWorld();
  world.start({ anonymous: () => anonymous.storage() });
  const [one, two] = [await world.tab('tab1'), await world.tab('tab2')];
  await world.offline();
  helloAs(one, { adopt: true });
  helloAs(two, { adopt: true });
  await world.settle();
  expect([world.onDisk, one.status?.pending, anonymous.rows.outbox.size]).toEqual([['tab9:1'], 1, 0]);
  await world.online();
  expect([world.server.pushes.flat(), world.onDisk, one.status?.pending]).toEqual([['tab9:1'], [], 0]);
});

it('[MG2] what a sign-out kept is migrated before it is sent', async () => {
  const disk = memoryDisk();
  left(disk, { tab: 'tab9', set: { title: 'old' } });
  disk.rows.seal = { signedOut: true, upTo: 1 };
  const world = new HubWorld({ disk });
  world.server.up = false;
  const tab = await world.tab('tab1');
  helloAs(tab, { recordVersion: 2 });
  await world.settle();
  world.server.up = true;
  for (let second = 0; second < 40; second++) {
    await world.clock.advance(1_000);
    for (const { request, pieces } of asked(tab))
      tab.post({ type: 'migrated', request, pieces: pieces.map(() => ({ name: 'new' })) });
  }
  const pushed = world.server.requests('push').flatMap(({ mutations }) => mutations);
  expect(pushed).toMatchObject([{ mutation: { recordVersion: 2, set: { name: 'new' } } }]);
});

it('[MG5] [SF4] a write that nothing kept is not brought back because it could not be migrated', async () => {
  let full = false;
  const disk = memoryDisk({
    before: (step) => {
      if (full && step.type === 'commit') throw new StorageError('full', 'no room');
    },
  });
  const world = new HubWorld({ disk });
  const tab = await world.tab('tab1');
  const newer = await world.tab('tab2');
  await world.offline();
  full = true;
  tab.write({ set: { title: 'old' } });
  await world.settle(1_500);
  helloAs(newer, { recordVersion: 2 });
  await world.settle(2_000);
  for (const { request, pieces } of asked(newer))
    newer.post({ type: 'migrated', request, pieces: pieces.map(() => 'no') });
  await world.settle();
  expect([asked(newer).length, tab.story(1)]).toEqual([1, ['failed storage']]);
  expect(newer.status).toMatchObject({ pending: 0, rejected: 0 });
});

it('[US8] a sign-out waits for what was handed over before it and waits for a migration', async () => {
  const world = new HubWorld();
  const tab = await world.tab('tab1');
  await world.offline();
  tab.write({ set: { title: 'old' } });
  await world.settle();
  const newer = await world.tab('tab2');
  helloAs(newer, { recordVersion: 2 });
  await world.settle();
  newer.write({ record: 'b', set: { name: 'new' }, recordVersion: 2 });
  newer.post({ type: 'signOut', outbox: 'flush', timeout: 10_000 });
  await world.settle();
  for (const { request, pieces } of asked(newer))
    newer.post({ type: 'migrated', request, pieces: pieces.map(({ attrs }) => attrs) });
  await world.settle();
  expect(newer.messages.find(({ type }) => type === 'stillSignedIn')).toMatchObject({ left: 2 });
});

it('[ID15] [MG4] aliases and the number of the shape are on the disk once there is one', async () => {
  const disk = memoryDisk();
  const { state, storage } = late(disk);
  const world = new HubWorld({ disk, storage });
  const tab = await world.tab('tab1');
  helloAs(tab, { recordVersion: 2, temporaries: [TEMPORARY] });
  world.server.on('push', ({ mutations }) => ({
    receipts: mutations.map(({ mutation }) => ({
      type: 'applied' as const,
      ids: [mutation.id],
      offset: 1,
      record: 7,
    })),
    number: 1,
  }));
  tab.write({ method: 'create', record: TEMPORARY, set: { x: 1 }, recordVersion: 2 });
  await world.settle();
  expect(tab.story(1)).toEqual(['settled applied']);
  state.refused = false;
  await world.clock.advance(300_000);
  expect(tab.status).toMatchObject({ durable: true });
  expect([disk.rows.aliases.get(TEMPORARY as RecordKey)?.record, disk.rows.recordVersion]).toEqual([7, 2]);
});

it('[HB15] [US11] a hub whose user leaves while its disk is being found opens no line any more', async () => {
  const disk = memoryDisk();
  left(disk, { tab: 'tab9', set: { x: 1 } });
  disk.rows.seal = { signedOut: true, upTo: 1 };
  const { state, storage } = late(disk);
  const world = new HubWorld({ disk, storage });
  world.server.up = false;
  const tab = await world.tab('tab1');
  tab.follow();
  await world.settle();
  const slow = deferred<void>();
  state.slow = slow.promise;
  state.refused = false;
  await world.clock.advance(300_000);
  tab.post({ type: 'signOut', outbox: 'discard', timeout: 1_000 });
  await world.settle();
  expect(tab.messages.some(({ type }) => type === 'signedOut')).toBe(true);
  world.server.up = true;
  const before = world.server.hellos.length;
  slow.resolve();
  await world.clock.advance(60_000);
  expect([world.server.hellos.length - before, world.server.pushes]).toEqual([0, []]);
});

it('[OB22] a hub that finds a write whose receipt the hub before has told tells its tab that it is done', async () => {
  const disk = memoryDisk();
  left(disk, { tab: 'tab1', n: 1, record: 'k1', set: { x: 1 } });
  const world = new HubWorld({ disk });
  world.server.up = false;
  const tab = await world.tab('tab1');
  tab.follow();
  await world.settle();
  expect(tab.state('k1')).toBe('pending');
  await world.online();
  expect([tab.state('k1'), world.onDisk]).toEqual(['clean', []]);
});
