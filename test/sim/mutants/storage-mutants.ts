import { type Op, StorageError } from '../../../src/hub/storage.ts';
import { applyOps } from '../../../src/testing/disk/apply-ops.ts';
import type { Mutant } from './mutant.ts';
import { overStorage } from './over-storage.ts';

export const STORAGE_MUTANTS: readonly Mutant[] = [
  {
    name: 'a transaction does not check the generation',
    breaks: ['P8'],
    options: () => ({
      disk: overStorage((storage, disk) => ({
        commit: (ops, durability) =>
          storage.commit(ops, durability).catch((error: unknown) => {
            if (!(error instanceof StorageError) || error.fault !== 'deposed') throw error;
            applyOps(disk.rows, ops);
          }),
      })),
    }),
  },
  {
    name: 'a write leaves the outbox when it is sent',
    breaks: ['P7', 'P1'],
    options: () => ({
      disk: overStorage((storage) => ({
        commit(ops, durability) {
          const steps = ops.map(
            (op): Op =>
              op.type === 'putMutation' && op.row.number !== null && op.row.receipt === null
                ? { type: 'deleteMutation', order: op.row.order }
                : op,
          );
          return storage.commit(steps, durability);
        },
      })),
    }),
  },
  {
    name: 'a write is called queued before the disk has it',
    breaks: ['P1'],
    options: () => ({
      disk: overStorage(() => ({ commit: async () => undefined })),
    }),
  },
  {
    name: 'a browser that needs room takes it from the outbox',
    breaks: ['P1'],
    options: () => ({
      disk: overStorage((storage, disk) => ({
        open(boot, protocol) {
          disk.rows.outbox.clear();
          return storage.open(boot, protocol);
        },
      })),
    }),
  },
  {
    name: 'a hub loses the half of a transaction',
    breaks: ['P5', 'P4', 'P1', 'P7'],
    options: () => ({
      disk: overStorage((storage) => ({
        commit: (ops, durability) =>
          storage.commit(ops.length > 3 ? ops.slice(0, ops.length / 2) : ops, durability),
      })),
    }),
  },
];
