import { type Storage, StorageError } from './storage.ts';

/** In the database's place where there is none to be had: the hub's own memory is all there is, and ends with it. */
export const noStorage: Storage = {
  open: () => Promise.resolve({ generation: 0, outbox: [], topics: [], aliases: [] }),
  records: () => Promise.resolve({ row: null, records: [] }),
  queries: () => Promise.resolve([]),
  commit: () => Promise.resolve(),
  close: () => undefined,
};

/** A database that is refused, with this reason. */
export const refusedStorage = (why: string): Storage => ({
  ...noStorage,
  open: () => Promise.reject(new StorageError('refused', why)),
});
