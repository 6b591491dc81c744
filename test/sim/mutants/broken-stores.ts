import type { MutationId } from '../../../src/protocol/ids.ts';
import type { Receipt } from '../../../src/protocol/receipt.ts';
import type { Store } from '../../../src/server/store.ts';
import { storeMethods } from '../../server/support/store-methods.ts';

/** Writes the receipts under ids that nobody asks for. */
export const forgetful = (store: Store): Store => ({
  ...storeMethods(store),
  receipts: async () => new Map(),
  async commit(writes, at) {
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
  },
});

/** Forgets an attribute of what it is to set, where there are several. */
export const careless = (store: Store): Store => ({
  ...storeMethods(store),
  commit: (writes, at) =>
    store.commit(
      writes.map((write) => {
        const entries = Object.entries(write.set);
        if (write.method === 'create' || entries.length < 3) return write;
        return { ...write, set: Object.fromEntries(entries.slice(1)), sent: { ...write.sent, set: {} } };
      }),
      at,
    ),
});
