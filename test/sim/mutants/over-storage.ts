import type { Storage } from '../../../src/hub/storage.ts';
import type { MemoryDisk } from '../../../src/testing/disk/memory-disk.ts';
import { storageMethods } from '../../support/storage-methods.ts';

/** A disk whose storages do some things otherwise. */
export const overStorage =
  (change: (storage: Storage, disk: MemoryDisk) => Partial<Storage>) => (disk: MemoryDisk) => ({
    ...disk,
    storage: () => {
      const storage = disk.storage();
      return { ...storageMethods(storage), ...change(storage, disk) };
    },
  });
