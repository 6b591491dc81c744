import { type Op, type Storage, StorageError } from '../../src/hub/storage.ts';
import { type MutationId, mutationId, mutationNumber, mutationTab } from '../../src/protocol/ids.ts';
import type { Receipt } from '../../src/protocol/receipt.ts';
import type { Store } from '../../src/server/store.ts';
import { applyOps } from '../support/disk/apply-ops.ts';
import type { MemoryDisk } from '../support/disk/memory-disk.ts';
import type { PromiseName } from './checks/ledger.ts';
import type { WorldOptions } from './world/world.ts';

/** A part that is broken on purpose, and the promises of which at least one must be found broken by it. */
export interface Mutant {
  readonly name: string;
  readonly breaks: readonly PromiseName[];
  readonly options: () => WorldOptions;
}

const overStorage =
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

/** Writes the receipts under ids that nobody asks for. */
function forgetful(store: Store): Store {
  const known = Object.create(store) as Store;
  known.receipts = async () => new Map();
  known.commit = async (writes, at) => {
    const outcomes = await store.commit(
      writes.map((write) => ({ ...write, ids: write.ids.map((id) => `${id}/${at}` as MutationId) })),
      at,
    );
    const own = (id: MutationId) => id.slice(0, id.indexOf('/')) as MutationId;
    return outcomes.map((outcome) =>
      outcome.type === 'receipts'
        ? {
            ...outcome,
            receipts: outcome.receipts.map((receipt): Receipt => ({ ...receipt, ids: receipt.ids.map(own) })),
          }
        : outcome,
    );
  };
  for (const name of ['open', 'read', 'refuse', 'head', 'page', 'log', 'number', 'trim', 'close'] as const)
    (known as unknown as Record<string, unknown>)[name] = (store[name] as () => unknown).bind(store);
  return known;
}

export const MUTANTS: readonly Mutant[] = [
  {
    name: 'the server does not write the receipt',
    breaks: ['P2'],
    options: () => ({ store: forgetful }),
  },
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
    name: 'changes are applied over a gap',
    breaks: ['P5', 'P4'],
    options: () => ({ changes: (changes) => ({ ...changes, from: 0 }) }),
  },
  {
    name: 'a tab names two writes alike',
    breaks: ['settled', 'P4'],
    options: () => ({
      handed(message) {
        if (message.type !== 'writes') return message;
        const alike = (id: MutationId) =>
          mutationNumber(id) % 4 === 0 ? mutationId(mutationTab(id), mutationNumber(id) - 1) : id;
        const writes = message.writes.map((write) => ({
          ...write,
          mutation: { ...write.mutation, id: alike(write.mutation.id) },
        }));
        return { ...message, writes };
      },
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
    name: 'the writes of a push arrive in another order',
    breaks: ['P3'],
    options: () => ({
      request(name, request) {
        if (name !== 'push') return request;
        const push = request as { mutations: readonly unknown[] };
        return { ...push, mutations: [...push.mutations].reverse() };
      },
    }),
  },
];
