import { deferred } from '../support/deferred.ts';
import 'fake-indexeddb/auto';
import { afterEach, expect, it, vi } from 'vitest';
import { silentLog } from '../../src/base/log.ts';
import { idbStorage } from '../../src/hub/adapters/idb-storage.ts';
import { Eviction } from '../../src/hub/disk/eviction.ts';
import { Journal } from '../../src/hub/journal.ts';
import type { Op } from '../../src/hub/storage.ts';
import { VirtualClock } from '../../src/testing/virtual-clock.ts';
import { boot, outboxRow, putMutation, putRecord, putTopic, replicaRow, topic, topicRow } from './rows.ts';
import { faultOf } from './storage-contract.ts';

let databases = 0;
const freshName = () => `medulla:faults:${databases++}`;
const storageOf = (name: string) => idbStorage({ name, log: silentLog });

const ended = (request: IDBRequest): Promise<unknown> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

/** Writes past the storage, as only a fault does. */
async function scribble(name: string, act: (transaction: IDBTransaction) => void): Promise<void> {
  const db = (await ended(indexedDB.open(name))) as IDBDatabase;
  const transaction = db.transaction(['outbox', 'records', 'topics'], 'readwrite');
  act(transaction);
  await new Promise((resolve) => {
    transaction.oncomplete = resolve;
  });
  db.close();
}

afterEach(() => {
  vi.restoreAllMocks();
});

const again = (...ops: Op[]): Op[] => [{ type: 'erase', outbox: true }, ...ops];

it('[SF6] tells at once that somebody deletes the database, and takes it again with what the hub has', async () => {
  const name = freshName();
  const storage = storageOf(name);
  const told = vi.fn();
  await storage.open(boot('a'), 1, told);
  await storage.commit([putMutation(outboxRow(1)), putRecord(replicaRow('/cards', 1))], 'strict');
  await ended(indexedDB.deleteDatabase(name));
  expect(told.mock.calls).toEqual([['broken']]);
  expect(await faultOf(storage.commit([putMutation(outboxRow(2))], 'strict'))).toBe('emptied');
  await storage.commit(
    again(putMutation(outboxRow(1)), putMutation(outboxRow(2)), {
      type: 'putRecordVersion',
      recordVersion: 3,
    }),
    'strict',
  );
  await storage.commit([putMutation(outboxRow(3))], 'strict');
  const opened = await storageOf(name).open(boot('b'), 1);
  expect(opened).toEqual({
    generation: 2,
    outbox: [1, 2, 3].map((order) => outboxRow(order)),
    topics: [],
    aliases: [],
    recordVersion: 3,
  });
});

it('[SF6] gives an emptied database to the younger hub, and to one that opened it meanwhile', async () => {
  const name = freshName();
  const [old, young, third] = [storageOf(name), storageOf(name), storageOf(name)];
  await old.open(boot('a'), 1);
  await young.open(boot('b'), 1);
  await ended(indexedDB.deleteDatabase(name));
  await old.commit(again(putMutation(outboxRow(1))), 'strict');
  expect(await faultOf(young.commit([], 'strict'))).toBe('emptied');
  await young.commit(again(putMutation(outboxRow(2))), 'strict');
  expect(await faultOf(old.commit(again(), 'strict'))).toBe('deposed');
  expect((await third.open(boot('c'), 1)).outbox).toEqual([outboxRow(2)]);
  expect(await faultOf(young.commit(again(), 'strict'))).toBe('deposed');
});

it('[SF9] says that an old connection keeps the database from opening, and opens once that is gone', async () => {
  const name = freshName();
  const request = indexedDB.open(name, 1);
  request.onupgradeneeded = () => {
    for (const store of ['meta', 'records']) request.result.createObjectStore(store);
    request.result.createObjectStore('outbox', { keyPath: 'key' });
    request.result.createObjectStore('topics', { keyPath: 'topic' });
  };
  const old = (await ended(request)) as IDBDatabase;
  old
    .transaction('outbox', 'readwrite')
    .objectStore('outbox')
    .put({ key: 1, rows: [outboxRow(1)] });
  const told = deferred<string>();
  const opening = storageOf(name).open(boot('a'), 1, told.resolve);
  expect(await told.promise).toBe('blocked');
  old.close();
  expect((await opening).outbox).toEqual([outboxRow(1)]);
});

it('[SF10] puts aside what cannot be read of the outbox, and keeps the rest, in this hub and in the next', async () => {
  const name = freshName();
  const first = storageOf(name);
  await first.open(boot('a'), 1);
  first.close();
  const bad = { ...outboxRow(2), mutation: { id: 'tab:2' } };
  await scribble(name, (transaction) => {
    const outbox = transaction.objectStore('outbox');
    outbox.put({ key: 1, rows: [outboxRow(1), bad, outboxRow(3)] });
    outbox.put({ key: 4, rows: 'none' });
    outbox.put({ key: 5, rows: [bad] });
    outbox.put({ key: 6, rows: [outboxRow(6)] });
  });
  const good = [1, 3, 6].map((order) => outboxRow(order));
  const aside = [bad, { key: 4, rows: 'none' }, bad];
  const storage = storageOf(name);
  expect(await storage.open(boot('b'), 1)).toMatchObject({ outbox: good, aside });
  await storage.commit([{ type: 'deleteMutation', order: 1 }], 'strict');
  expect(await storageOf(name).open(boot('c'), 1)).toMatchObject({ outbox: good.slice(1), aside });
});

it('[SF10] reads each value by itself where one of them does not come', async () => {
  const name = freshName();
  const first = storageOf(name);
  await first.open(boot('a'), 1);
  await first.commit([putMutation(outboxRow(1))], 'strict');
  await first.commit([putMutation(outboxRow(2))], 'strict');
  first.close();
  const get = IDBObjectStore.prototype.get;
  const getAll = IDBObjectStore.prototype.getAll;
  // A request that fails with an event, as one does whose value is lost: the key is there already.
  const failing = (store: IDBObjectStore) => store.add({ key: 2, rows: [] });
  vi.spyOn(IDBObjectStore.prototype, 'getAll').mockImplementation(function (this: IDBObjectStore, ...args) {
    return this.name === 'outbox' ? (failing(this) as never) : getAll.apply(this, args);
  });
  vi.spyOn(IDBObjectStore.prototype, 'get').mockImplementation(function (this: IDBObjectStore, key) {
    return this.name === 'outbox' && key === 2 ? failing(this) : get.call(this, key);
  });
  const { outbox, aside } = await storageOf(name).open(boot('b'), 1);
  expect(outbox).toEqual([outboxRow(1)]);
  expect(aside).toMatchObject([{ key: 2, unreadable: expect.stringContaining('ConstraintError') }]);
});

it('[SF10] keeps nothing of a topic of which a record or the cursor cannot be read', async () => {
  const name = freshName();
  const storage = storageOf(name);
  await storage.open(boot('a'), 1);
  for (const path of ['/a', '/b', '/c'])
    await storage.commit([putRecord(replicaRow(path, 1)), putTopic(topicRow(path, 1))], 'strict');
  await scribble(name, (transaction) => {
    transaction.objectStore('records').put('nonsense', ['/a', '2']);
    transaction.objectStore('topics').put({ topic: '/b', cursor: 'nonsense' });
  });
  const nothing = { row: null, records: [] };
  expect(await storage.records(topic('/a'))).toEqual(nothing);
  expect(await storage.records(topic('/b'))).toEqual(nothing);
  expect((await storage.records(topic('/c'))).row).toEqual(topicRow('/c', 1));
});

it('[SF11] asks for a flush where a mutation enters the outbox, and not for the replica or a receipt', async () => {
  const storage = storageOf(freshName());
  const opened = await storage.open(boot('a'), 1);
  const clock = new VirtualClock();
  const journal = new Journal(storage, { durable: () => undefined } as never, {
    log: silentLog,
    clock,
    opened,
    eviction: new Eviction([], () => 0),
  });
  const transaction = vi.spyOn(IDBDatabase.prototype, 'transaction');
  const receipt = { type: 'invalid', ids: [], code: 'invalid', message: 'no' } as const;
  await journal.write([putRecord(replicaRow('/cards', 1))]);
  await journal.write([putMutation(outboxRow(1)), putRecord(replicaRow('/cards', 2))]);
  await journal.write([putMutation({ ...outboxRow(1), receipt })]);
  await journal.write([{ type: 'deleteMutation', order: 1 }]);
  expect(transaction.mock.calls.map(([, , options]) => options?.durability)).toEqual([
    'relaxed',
    'strict',
    'relaxed',
    'relaxed',
  ]);
});
