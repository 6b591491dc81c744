import { fits } from '../../base/shape.ts';
import { recordKey, type Topic } from '../../protocol/ids.ts';
import { type KeptTopic, type OutboxRow, outboxRow, topicRow } from '../storage.ts';
import type { StoredPack } from './outbox-packs.ts';
import type { StoredRecord } from './schema.ts';

/** Its result. That it fails does not end its transaction, as it would otherwise. */
export function resultOf<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = (event) => {
      event.preventDefault();
      reject(request.error);
    };
  });
}

/**
 * The packs of the outbox. What cannot be read is taken out and put aside, in the same transaction: it takes no other
 * write with it, and is not lost.
 */
export async function readPacks(outbox: IDBObjectStore, aside: IDBObjectStore): Promise<StoredPack[]> {
  const packs: StoredPack[] = [];
  for (const [key, value] of await valuesOf(outbox)) {
    const { rows } = (value ?? {}) as { rows?: unknown };
    const all: unknown[] = Array.isArray(rows) ? rows : [value];
    const good = all.filter((one): one is OutboxRow => fits(outboxRow, one));
    if (good.length > 0) packs.push({ key: key as number, rows: good });
    if (good.length === all.length) continue;
    for (const one of all) if (!fits(outboxRow, one)) aside.add(one);
    if (good.length > 0) outbox.put({ key, rows: good });
    else outbox.delete(key);
  }
  return packs;
}

/** All values by their keys; where one of them keeps them from being read at once, each by itself. */
async function valuesOf(store: IDBObjectStore): Promise<[IDBValidKey, unknown][]> {
  const keys = await resultOf(store.getAllKeys());
  const all = await resultOf(store.getAll()).catch(() => null);
  if (all) return keys.map((key, i) => [key, all[i]]);
  const one = async (key: IDBValidKey): Promise<[IDBValidKey, unknown]> => [
    key,
    await resultOf(store.get(key)).catch((error) => ({ key, unreadable: String(error) })),
  ];
  return Promise.all(keys.map(one));
}

/** A topic as it is kept; where anything of it cannot be read, nothing is. */
export function readTopic(topic: Topic, kept: unknown, values: readonly unknown[]): KeptTopic | null {
  if (kept !== undefined && !fits(topicRow, kept)) return null;
  if (!values.every(isRow)) return null;
  const records = values.map(([record, version, attrs, recordVersion]) => ({
    topic,
    key: recordKey(record),
    record,
    version,
    attrs,
    ...(recordVersion && { recordVersion }),
  }));
  return { row: kept ?? null, records };
}

/** No deeper than that: thousands of them lie between a page and what it shows first, and each was parsed when it came. */
const isRow = (value: unknown): value is StoredRecord =>
  Array.isArray(value) && value.length >= 3 && typeof value[2] === 'object' && value[2] !== null;
