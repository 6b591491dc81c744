import type { Batch, OutboxItem } from '../../protocol/tab-down.ts';
import type { Hash } from '../backbone.ts';

/** The first of them that one of a batch is in is that of all. */
const WORST: readonly OutboxItem['state'][] = ['rejected', 'parked', 'queued', 'sent'];

/** What a mutation in the outbox looks like: `id topic record method set unset … state attempts receipt`. */
const attributesOf = ({ mutation, ...rest }: OutboxItem): Hash => ({ ...mutation, ...rest });

/** A batch looks like the first of its mutations, and has all of them; the receipt is that of the one that was to blame. */
function whole(members: readonly OutboxItem[]): Hash {
  const [first] = members;
  const state = WORST.find((worst) => members.some((member) => member.state === worst));
  const receipts = members.flatMap(({ receipt }) => receipt ?? []);
  const blamed = receipts.find((receipt) => !('code' in receipt) || receipt.code !== 'batch');
  return {
    ...(first && attributesOf(first)),
    state,
    receipt: blamed ?? receipts[0] ?? null,
    mutations: members.map(({ mutation }) => mutation),
  };
}

/** Makes of the hub's mutations the items that are shown: one for each, and one for a batch. */
export function createOutboxItems() {
  const members = new Map<string, OutboxItem>();
  return {
    clear: () => members.clear(),
    update({ items, gone }: NonNullable<Batch['outbox']>) {
      const batches = new Set<string>();
      const now: Hash[] = [];
      const over: string[] = [];
      for (const item of items) {
        const { id, batch } = item.mutation;
        if (batch) {
          members.set(id, item);
          batches.add(batch.id);
        } else now.push(attributesOf(item));
      }
      for (const id of gone) {
        const { batch } = members.get(id)?.mutation ?? {};
        members.delete(id);
        if (batch) batches.add(batch.id);
        else over.push(id);
      }
      for (const id of batches) {
        const left = [...members.values()].filter(({ mutation }) => mutation.batch?.id === id);
        if (left.length) now.push({ ...whole(left), id });
        else over.push(id);
      }
      return { now, over };
    },
  };
}
