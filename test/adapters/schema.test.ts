import 'fake-indexeddb/auto';
import { expect, it } from 'vitest';
import { silentLog } from '../../src/base/log.ts';
import { idbStorage } from '../../src/hub/adapters/idb-storage.ts';
import { SCHEMA } from '../../src/hub/adapters/schema.ts';
import { boot, outboxRow, topicRow } from './rows.ts';
import { faultOf } from './storage-contract.ts';

/** Opens it with another version, as an older or a newer build did. */
function opened(name: string, version: number, upgrade: (db: IDBDatabase) => void): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name, version);
    request.onupgradeneeded = () => upgrade(request.result);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/** What version 1 made: written out here, since it is on disks. */
function versionOne(db: IDBDatabase): void {
  db.createObjectStore('meta');
  db.createObjectStore('outbox', { keyPath: 'key' });
  db.createObjectStore('records');
  db.createObjectStore('topics', { keyPath: 'topic' });
}

it('[SF1] takes a database of the first schema up to this one, with the writes that are queued in it', async () => {
  const name = 'medulla:schema:old';
  const old = await opened(name, 1, versionOne);
  const transaction = old.transaction(['meta', 'outbox', 'topics'], 'readwrite');
  transaction.objectStore('meta').put({ generation: 7, boot: 'old', protocol: 1 }, 0);
  transaction.objectStore('outbox').put({ key: 1, rows: [outboxRow(1), outboxRow(2)] });
  transaction.objectStore('topics').put(topicRow('/cards', 3));
  await new Promise((resolve) => {
    transaction.oncomplete = resolve;
  });
  old.close();
  const storage = idbStorage({ name, log: silentLog });
  expect(await storage.open(boot('a'), 2)).toMatchObject({
    generation: 8,
    outbox: [outboxRow(1), outboxRow(2)],
    topics: [topicRow('/cards', 3)],
  });
  storage.close();
});

it('[SF1] leaves a database of a newer schema as it is', async () => {
  const name = 'medulla:schema:new';
  const newer = await opened(name, SCHEMA + 1, (db) => {
    versionOne(db);
    db.createObjectStore('later');
  });
  newer.close();
  expect(await faultOf(idbStorage({ name, log: silentLog }).open(boot('a'), 2))).toBe('newer');
  const after = await opened(name, SCHEMA + 1, () => undefined);
  expect([...after.objectStoreNames]).toContain('later');
  after.close();
});

it('[SF1] makes all that is missing in a database that somebody opened for nothing', async () => {
  const name = 'medulla:schema:empty';
  (await opened(name, 1, () => undefined)).close();
  expect(await idbStorage({ name, log: silentLog }).open(boot('a'), 2)).toMatchObject({ generation: 1 });
});

it('[ST18] hears that another hub has opened its database, but not that somebody looked into it', async () => {
  const name = 'medulla:schema:taken';
  const [first, guest, next] = [
    idbStorage({ name, log: silentLog }),
    idbStorage({ name, log: silentLog }),
    idbStorage({ name, log: silentLog }),
  ];
  const heard: string[] = [];
  const told = new Promise<void>((resolve) => {
    void first.open(boot('a'), 1, (news) => {
      heard.push(news);
      resolve();
    });
  });
  await guest.open(boot('b'), 1);
  await next.open(boot('c'), 1, () => undefined);
  await told;
  expect(heard).toEqual(['broken']);
  expect(await faultOf(first.commit([{ type: 'erase', outbox: true }], 'strict'))).toBe('deposed');
  for (const storage of [first, guest, next]) storage.close();
});
