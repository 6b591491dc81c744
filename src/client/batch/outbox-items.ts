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

/** Makes of the hub's mutations the items that are shown: one for each, and one for a batch, under the id of its first. */
export function createOutboxItems() {
  const members = new Map<string, OutboxItem>();
  /** By batch, the id that it is shown under. */
  const shown = new Map<string, string>();
  return {
    clear() {
      members.clear();
      shown.clear();
    },
    update({ items, gone }: NonNullable<Batch['outbox']>) {
      const touched = new Set<string>();
      const now: Hash[] = [];
      const over = new Set(gone);
      /** Whether it was shown as one of a batch, which is to be looked at again. */
      const wasMember = (id: string) => {
        const { batch } = members.get(id)?.mutation ?? {};
        if (batch) touched.add(batch.id);
        return batch !== undefined;
      };
      for (const item of items) {
        const { id, batch } = item.mutation;
        const alone = wasMember(id) && { batch, mutations: undefined };
        if (batch) {
          touched.add(batch.id);
          members.set(id, item);
        } else {
          members.delete(id);
          now.push({ ...attributesOf(item), ...alone });
        }
      }
      for (const id of gone) if (wasMember(id)) members.delete(id);
      for (const id of touched) {
        const left = [...members.values()].filter(({ mutation }) => mutation.batch?.id === id);
        over.add(shown.get(id) ?? '');
        if (left.length) now.push(whole(left));
        if (left[0]) shown.set(id, left[0].mutation.id);
        else shown.delete(id);
      }
      for (const { id } of now) over.delete(String(id));
      return { now, over: [...over] };
    },
  };
}
