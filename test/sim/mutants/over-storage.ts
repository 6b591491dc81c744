import type { Storage } from '../../../src/hub/storage.ts';
import type { MemoryDisk } from '../../../src/testing/disk/memory-disk.ts';

/** A disk whose storages do some things otherwise. */
export const overStorage =
  (change: (storage: Storage, disk: MemoryDisk) => Partial<Storage>) => (disk: MemoryDisk) => ({
    ...disk,
    storage: () => {
      const storage = disk.storage();
      const methods: Storage = {
        open: (boot, protocol) => storage.open(boot, protocol),
        records: (topic) => storage.records(topic),
        queries: (topic) => storage.queries(topic),
        commit: (ops, durability) => storage.commit(ops, durability),
        close: () => storage.close(),
      };
      return { ...methods, ...change(storage, disk) };
    },
  });
