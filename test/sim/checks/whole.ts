import type { StoreWrite } from '../../../src/server/store.ts';
import type { Observer } from '../world/observer.ts';
import type { Ledger } from './ledger.ts';

/** The writes of a batch take effect in one transaction, all of them that its hub pushed, or none. */
export function whole(ledger: Ledger): Observer {
  return {
    stored(writes, outcomes) {
      const batches = new Map<string, { readonly write: StoreWrite; readonly type: string }[]>();
      for (const [i, write] of writes.entries()) {
        const outcome = outcomes[i];
        if (!write.batch || !outcome) continue;
        const [receipt] = outcome.type === 'receipts' ? outcome.receipts : [];
        const type = receipt ? (receipt.type === 'duplicate' ? 'applied' : receipt.type) : outcome.type;
        batches.set(write.batch, [...(batches.get(write.batch) ?? []), { write, type }]);
      }
      for (const [id, parts] of batches) {
        const [first] = parts;
        const known = first?.write.ids[0] && ledger.writes.get(first.write.ids[0]);
        const size = known ? known.mutation.batch?.size : undefined;
        const applied = parts.filter(({ type }) => type === 'applied').length;
        ledger.check(
          'whole',
          (applied === 0 || applied === parts.length) && parts.length === (size ?? parts.length),
          () =>
            `of the batch ${id} the server makes ${parts.map(({ write, type }) => `${write.ids[0]} ${type}`).join(', ')}`,
        );
      }
    },
  };
}
