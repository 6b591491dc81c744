import { expect, it } from 'vitest';
import { noStorage } from '../../src/hub/no-storage.ts';
import { StorageError } from '../../src/hub/storage.ts';
import type { Topic } from '../../src/protocol/ids.ts';
import { memoryDisk } from '../../src/testing/disk/memory-disk.ts';
import { settle } from '../../src/testing/virtual-clock.ts';
import { deferred } from '../support/deferred.ts';
import { boot, outboxRow, putMutation } from './rows.ts';
import { faultOf, storageContract } from './storage-contract.ts';

const runner = { test: it, equal: (a: unknown, b: unknown) => expect(a).toEqual(b) };
storageContract('memory', async () => memoryDisk(), runner);
storageContract('memory, cloning', async () => memoryDisk({ copy: structuredClone }), runner);

it('[ST10] keeps commits in the order of their calls, however long the disk takes for each', async () => {
  const gates: (() => void)[] = [];
  const disk = memoryDisk({
    before: (step) =>
      step.type === 'commit' ? new Promise<void>((resolve) => gates.push(resolve)) : undefined,
  });
  const storage = disk.storage();
  await storage.open(boot('a'), 1);
  const first = storage.commit([putMutation(outboxRow(1, { title: 'first' }))], 'strict');
  const second = storage.commit([putMutation(outboxRow(1, { title: 'second' }))], 'strict');
  await settle();
  expect(gates).toHaveLength(1);
  expect(disk.rows.outbox.size).toBe(0);
  gates[0]?.();
  await first;
  expect(disk.rows.outbox.get(1)?.mutation.set).toEqual({ title: 'first' });
  await settle();
  expect(gates).toHaveLength(2);
  gates[1]?.();
  await second;
  expect(disk.rows.outbox.get(1)?.mutation.set).toEqual({ title: 'second' });
});

it('[ST10] writes nothing when the disk fails before, and all of it when the answer is lost after', async () => {
  let fails: 'before' | 'after' | undefined;
  const fail = () => Promise.reject(new StorageError('full', 'no room'));
  const disk = memoryDisk({
    before: () => (fails === 'before' ? fail() : undefined),
    after: () => (fails === 'after' ? fail() : undefined),
  });
  const storage = disk.storage();
  await storage.open(boot('a'), 1);
  fails = 'before';
  expect(await faultOf(storage.commit([putMutation(outboxRow(1))], 'strict'))).toBe('full');
  expect(disk.rows.outbox.size).toBe(0);
  fails = 'after';
  expect(await faultOf(storage.commit([putMutation(outboxRow(2))], 'strict'))).toBe('full');
  expect([...disk.rows.outbox.keys()]).toEqual([2]);
  fails = undefined;
  await storage.commit([putMutation(outboxRow(3))], 'strict');
  expect([...disk.rows.outbox.keys()]).toEqual([2, 3]);
});

it('[ST10] deposes a hub whose commit waits at the disk while another opens', async () => {
  const gate = deferred<void>();
  const disk = memoryDisk({ before: (step) => (step.type === 'commit' ? gate.promise : undefined) });
  const old = disk.storage();
  await old.open(boot('a'), 1);
  const late = faultOf(old.commit([putMutation(outboxRow(1))], 'strict'));
  expect(await disk.storage().open(boot('b'), 1)).toMatchObject({ generation: 2, outbox: [] });
  gate.resolve();
  expect(await late).toBe('deposed');
  expect(disk.rows.outbox.size).toBe(0);
});

it('[ST17] stands where there is no database: it takes everything and has nothing', async () => {
  expect(await noStorage.open(boot('a'), 1)).toEqual({ generation: 0, outbox: [], topics: [], aliases: [] });
  await noStorage.commit([putMutation(outboxRow(1))], 'strict');
  expect((await noStorage.open(boot('b'), 1)).outbox).toEqual([]);
  expect(await noStorage.records('/cards' as Topic)).toEqual({ row: null, records: [] });
});
