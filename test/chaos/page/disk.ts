import type { Disk } from '../words.ts';

const HUB = 'medulla-hub:';

const result = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

/** Reads the database of this page's user past its hub. */
export async function readDisk(user: string): Promise<Disk> {
  const names = (await indexedDB.databases()).map(({ name = '' }) => name);
  const name = names.find((one) => one.startsWith('medulla:') && one.endsWith(`:${user}`)) ?? '';
  const db = await result(indexedDB.open(name));
  const transaction = db.transaction(['meta', 'outbox']);
  const [meta, outbox] = await Promise.all([
    result(transaction.objectStore('meta').get(0)),
    result(transaction.objectStore('outbox').count()),
  ]);
  db.close();
  const { held = [] } = await navigator.locks.query();
  const hubs = held.flatMap(({ name: lock = '' }) => (lock.startsWith(HUB) ? [lock.slice(HUB.length)] : []));
  return { boot: meta.boot, outbox, hubs };
}

/** Raises the number of the worker that pages join, as one does that found it dead. */
export function usurp(user: string): void {
  for (const [key, json] of Object.entries(localStorage)) {
    if (!key.startsWith('medulla:') || !key.includes(user)) continue;
    const slot = JSON.parse(json);
    if (typeof slot.slot === 'number')
      localStorage.setItem(key, JSON.stringify({ ...slot, slot: slot.slot + 1 }));
  }
}
