import type { EngineTab } from '../engines/engine.ts';

/** Deletes Medulla's database, as a user does who clears what the site has stored. */
export const deleteDatabase = (page: EngineTab): Promise<void> =>
  page.evaluate(async () => {
    const [{ name = '' } = {}] = await indexedDB.databases();
    await new Promise((resolve, reject) => {
      const request = indexedDB.deleteDatabase(name);
      request.onsuccess = resolve;
      request.onerror = () => reject(request.error);
    });
  });

/** Puts a value into the outbox that no hub can have written, as a broken disk may have it. */
export const spoilOutbox = (page: EngineTab, value: unknown): Promise<void> =>
  page.evaluate(async (value) => {
    const [{ name = '' } = {}] = await indexedDB.databases();
    const open = indexedDB.open(name);
    await new Promise((resolve, reject) => {
      open.onsuccess = resolve;
      open.onerror = () => reject(open.error);
    });
    const transaction = open.result.transaction('outbox', 'readwrite');
    transaction.objectStore('outbox').put(value);
    await new Promise((resolve) => {
      transaction.oncomplete = resolve;
    });
    open.result.close();
  }, value);

/** What an object store of the database holds. */
const allOf = (page: EngineTab, store: string): Promise<readonly unknown[]> =>
  page.evaluate(async (store) => {
    const [{ name = '', version = 0 } = {}] = await indexedDB.databases();
    if (version < 2) return [];
    const open = indexedDB.open(name);
    const db = await new Promise<IDBDatabase>((resolve, reject) => {
      open.onsuccess = () => resolve(open.result);
      open.onerror = () => reject(open.error);
    });
    try {
      if (!db.objectStoreNames.contains(store)) return [];
      const request = db.transaction(store).objectStore(store).getAll();
      await new Promise((resolve) => {
        request.onsuccess = resolve;
      });
      return request.result;
    } finally {
      db.close();
    }
  }, store);

/** How many writes are in the outbox on the disk. */
export const writesOnDisk = async (page: EngineTab): Promise<number> =>
  ((await allOf(page, 'outbox')) as { rows: unknown[] }[]).flatMap(({ rows }) => rows).length;

/** How many records of the replica are there. */
export const recordsOnDisk = async (page: EngineTab): Promise<number> =>
  (await allOf(page, 'records')).length;

/** What was found in the outbox and could not be read. */
export const asideOnDisk = (page: EngineTab): Promise<readonly unknown[]> => allOf(page, 'aside');
