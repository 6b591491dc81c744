import 'fake-indexeddb/auto';
import { forceCloseDatabase } from 'fake-indexeddb';
import { afterEach, expect, it, vi } from 'vitest';
import { silentLog } from '../../src/base/log.ts';
import { idbStorage } from '../../src/hub/adapters/idb-storage.ts';
import { SCHEMA } from '../../src/hub/adapters/schema.ts';
import { storageFault } from '../../src/hub/adapters/storage-fault.ts';
import { boot, outboxRow, putMutation, putRecord, replicaRow, topic } from './rows.ts';
import { faultOf, storageContract } from './storage-contract.ts';

let databases = 0;
const freshName = () => `medulla:test:${databases++}`;
const storageOf = (name: string) => idbStorage({ name, log: silentLog });

storageContract(
  'IndexedDB',
  async () => {
    const name = freshName();
    return { storage: () => storageOf(name) };
  },
  { test: it, equal: (a, b) => expect(a).toEqual(b) },
);

const connections: IDBDatabase[] = [];

/** Keeps each connection that is opened from now on, so that it can be broken from outside. */
function keepConnections(): void {
  connections.length = 0;
  const open = indexedDB.open.bind(indexedDB);
  vi.spyOn(indexedDB, 'open').mockImplementation((...args) => {
    const request = open(...args);
    request.addEventListener('success', () => connections.push(request.result));
    return request;
  });
}

function opened(name: string, version?: number): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name, version);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
    request.onblocked = () => reject(new Error('blocked'));
  });
}

/** What the fake's own function wants; it is not what its types say of its databases. */
type OfFake = Parameters<typeof forceCloseDatabase>[0];

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

it('[ST11] opens the connection again after the browser closed it', async () => {
  keepConnections();
  const name = freshName();
  const storage = storageOf(name);
  await storage.open(boot('a'), 1);
  for (const connection of connections) forceCloseDatabase(connection as unknown as OfFake);
  await storage.commit([putMutation(outboxRow(1))], 'strict');
  expect((await storageOf(name).open(boot('b'), 1)).outbox).toEqual([outboxRow(1)]);
});

it('[ST11] writes over a new connection where the one that it has broke without a word', async () => {
  keepConnections();
  const name = freshName();
  const storage = storageOf(name);
  await storage.open(boot('a'), 1);
  for (const connection of connections) connection.close();
  await storage.commit([putMutation(outboxRow(1))], 'strict');
  for (const connection of connections) connection.close();
  const steps = [storage.records(topic('/cards')), storage.records(topic('/lists'))];
  expect(await Promise.all(steps)).toEqual([
    { row: null, records: [] },
    { row: null, records: [] },
  ]);
  expect(connections).toHaveLength(3);
  expect((await storageOf(name).open(boot('b'), 1)).outbox).toEqual([outboxRow(1)]);
});

it('[ST11] says closed where the new connection breaks too, and tries again at the next step', async () => {
  keepConnections();
  const name = freshName();
  const storage = storageOf(name);
  await storage.open(boot('a'), 1);
  const transaction = vi.spyOn(IDBDatabase.prototype, 'transaction').mockImplementation(() => {
    throw new DOMException('The database connection is closing.', 'InvalidStateError');
  });
  expect(await faultOf(storage.commit([putMutation(outboxRow(1))], 'strict'))).toBe('closed');
  expect(connections).toHaveLength(2);
  transaction.mockRestore();
  await storage.commit([putMutation(outboxRow(1))], 'strict');
  expect((await storageOf(name).open(boot('b'), 1)).outbox).toEqual([outboxRow(1)]);
});

it('[ST11] notices after a break that another hub has taken over', async () => {
  keepConnections();
  const name = freshName();
  const storage = storageOf(name);
  await storage.open(boot('a'), 1);
  for (const connection of connections) connection.close();
  await storageOf(name).open(boot('b'), 1);
  expect(await faultOf(storage.commit([putMutation(outboxRow(1))], 'strict'))).toBe('deposed');
});

it('[ST12] gives way to an upgrade at once, and says newer afterwards', async () => {
  const name = freshName();
  const storage = storageOf(name);
  await storage.open(boot('a'), 1);
  await storage.commit([putMutation(outboxRow(1))], 'strict');
  const upgraded = await opened(name, SCHEMA + 1);
  expect(await faultOf(storage.commit([putMutation(outboxRow(2))], 'strict'))).toBe('newer');
  expect(await faultOf(storageOf(name).open(boot('b'), 1))).toBe('newer');
  upgraded.close();
});

it('[ST13] says refused where there is no IndexedDB, or it does not open', async () => {
  vi.stubGlobal('indexedDB', undefined);
  expect(await faultOf(storageOf(freshName()).open(boot('a'), 1))).toBe('refused');
  vi.unstubAllGlobals();
  vi.spyOn(indexedDB, 'open').mockImplementation(() => {
    throw new DOMException('The operation is insecure.', 'SecurityError');
  });
  expect(await faultOf(storageOf(freshName()).open(boot('a'), 1))).toBe('refused');
});

it('[ST13] can be opened later where it was refused at first', async () => {
  const storage = storageOf(freshName());
  vi.stubGlobal('indexedDB', undefined);
  expect(await faultOf(storage.open(boot('a'), 1))).toBe('refused');
  vi.unstubAllGlobals();
  expect((await storage.open(boot('a'), 1)).generation).toBe(1);
});

it('[ST14] undoes the whole commit where the disk is full, and says so', async () => {
  const name = freshName();
  const storage = storageOf(name);
  await storage.open(boot('a'), 1);
  const put = IDBObjectStore.prototype.put;
  let room = 2;
  vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (this: IDBObjectStore, ...args) {
    if (room-- > 0) return put.apply(this, args);
    throw new DOMException('Quota exceeded', 'QuotaExceededError');
  });
  const rows = [1, 2, 3].map((order) => putMutation(outboxRow(order)));
  const records = ['a', 'b'].map((record) => putRecord(replicaRow('/cards', record)));
  expect(await faultOf(storage.commit([...rows, ...records], 'strict'))).toBe('full');
  vi.restoreAllMocks();
  await storage.commit([putMutation(outboxRow(4))], 'strict');
  expect((await storageOf(name).open(boot('b'), 1)).outbox).toEqual([outboxRow(4)]);
});

it('[ST14] undoes the whole commit where a row cannot be stored', async () => {
  const name = freshName();
  const storage = storageOf(name);
  await storage.open(boot('a'), 1);
  const bad = { ...outboxRow(2), attempts: (() => undefined) as unknown as number };
  const commit = storage.commit([putMutation(outboxRow(1)), putMutation(bad)], 'strict');
  expect(await faultOf(commit)).toBe('failed');
  expect((await storageOf(name).open(boot('b'), 1)).outbox).toEqual([]);
});

it('[ST14] names the request that broke the transaction, not those that went down with it', async () => {
  const storage = storageOf(freshName());
  await storage.open(boot('a'), 1);
  await storage.commit([putMutation(outboxRow(1))], 'strict');
  vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(IDBObjectStore.prototype.add);
  const commit = storage.commit([putMutation(outboxRow(1)), putMutation(outboxRow(2))], 'strict');
  await expect(commit).rejects.toMatchObject({ fault: 'failed', cause: { name: 'ConstraintError' } });
});

it('[ST14] tells from what IndexedDB threw which fault it is', () => {
  const fault = (name: string, doing: 'open' | 'use') =>
    storageFault(new DOMException('', name), doing).fault;
  expect(fault('QuotaExceededError', 'use')).toBe('full');
  expect(fault('QuotaExceededError', 'open')).toBe('full');
  expect(fault('VersionError', 'open')).toBe('newer');
  for (const name of ['InvalidStateError', 'AbortError', 'UnknownError']) {
    expect(fault(name, 'use')).toBe('closed');
    expect(fault(name, 'open')).toBe(name === 'UnknownError' ? 'corrupt' : 'refused');
  }
  expect(fault('ConstraintError', 'use')).toBe('failed');
  expect(storageFault(undefined, 'use').fault).toBe('failed');
});

it('[ST16] keeps the rows of one commit in packs, and writes a pack again when one of its rows changes or goes', async () => {
  const name = freshName();
  const storage = storageOf(name);
  await storage.open(boot('a'), 1);
  await storage.commit(
    [1, 2, 3].map((order) => putMutation(outboxRow(order))),
    'strict',
  );
  await storage.commit([putMutation(outboxRow(4))], 'strict');
  const changed = { ...outboxRow(2), attempts: 5 };
  await storage.commit([putMutation(changed), { type: 'deleteMutation', order: 1 }], 'strict');
  await storage.commit([{ type: 'deleteMutation', order: 4 }], 'strict');
  const next = storageOf(name);
  expect((await next.open(boot('b'), 1)).outbox).toEqual([changed, outboxRow(3)]);
  // The pack stands under the order of a row that is gone: the next hub finds it all the same.
  await next.commit(
    [
      { type: 'deleteMutation', order: 2 },
      { type: 'deleteMutation', order: 3 },
    ],
    'strict',
  );
  expect((await storageOf(name).open(boot('c'), 1)).outbox).toEqual([]);
});

it('[ST15] says emptied, and writes nothing, where somebody emptied the database', async () => {
  const name = freshName();
  const storage = storageOf(name);
  await storage.open(boot('a'), 1);
  await storage.commit([putRecord(replicaRow('/cards', 1))], 'strict');
  await new Promise((resolve, reject) => {
    const request = indexedDB.deleteDatabase(name);
    request.onsuccess = resolve;
    request.onerror = request.onblocked = reject;
  });
  expect(await faultOf(storage.commit([putMutation(outboxRow(1))], 'strict'))).toBe('emptied');
  expect(await storageOf(name).open(boot('b'), 1)).toEqual({
    generation: 1,
    outbox: [],
    topics: [],
    aliases: [],
  });
  expect(await faultOf(storage.commit([putMutation(outboxRow(1))], 'strict'))).toBe('deposed');
});

it('[ST8] A storage that is closed while it opens takes the database from nobody', async () => {
  const name = freshName();
  const [first, second] = [storageOf(name), storageOf(name)];
  await first.open(boot('a'), 1);
  const late = faultOf(second.open(boot('b'), 1));
  second.close();
  expect(await late).toBe('closed');
  await first.commit([putMutation(outboxRow(1))], 'strict');
});
