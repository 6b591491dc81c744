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

/** How many writes are in the outbox on the disk. */
export const writesOnDisk = (page: EngineTab): Promise<number> =>
  page.evaluate(async () => {
    const [{ name = '', version = 0 } = {}] = await indexedDB.databases();
    if (version < 2) return 0;
    const open = indexedDB.open(name);
    const db = await new Promise<IDBDatabase>((resolve, reject) => {
      open.onsuccess = () => resolve(open.result);
      open.onerror = () => reject(open.error);
    });
    try {
      if (!db.objectStoreNames.contains('outbox')) return 0;
      const request = db.transaction('outbox').objectStore('outbox').getAll();
      await new Promise((resolve) => {
        request.onsuccess = resolve;
      });
      return request.result.flatMap(({ rows }) => rows).length;
    } finally {
      db.close();
    }
  });
