import { edited, type Mutation } from '../../protocol/mutation.ts';
import { isFinal } from '../../protocol/receipt.ts';
import { leaveBatch } from '../batches/leave-batch.ts';
import type { HubContext } from '../context.ts';
import { type Entry, isOpenCreate, isQueued, isThere, mayBeKnown, rowOf } from '../outbox/entry.ts';
import type { Withdrawals } from '../outbox/withdrawals.ts';
import type { Op } from '../storage.ts';
import { keyOf } from '../view.ts';

/**
 * A new write of a record takes the place of the refused one, alone of its batch. What follows a refused create becomes
 * the create: the server has nothing that it could update. What may have been applied all the same has to be withdrawn
 * first, and a create goes again then, before what follows it.
 */
export function supersede(hub: HubContext, withdrawals: Withdrawals, entry: Entry, ops: Op[]): void {
  const { outbox, outlet, replica } = hub;
  if (outbox.rejected === 0) return;
  for (const refused of [...outbox.laneOf(entry)]) {
    const { phase } = refused;
    if (phase.type !== 'rejected') continue;
    const isCreate = isOpenCreate(refused);
    leaveBatch(hub, refused, ops);
    if (!isFinal(phase.receipt) && mayBeKnown(refused)) {
      withdrawals.begin([refused], () => (isCreate ? {} : null));
      if (!isCreate) entry.replaced = [...entry.replaced, refused];
      continue;
    }
    // Behind a refused create there may be others, the first of which becomes it.
    const first = (other: Entry) => other !== refused && isQueued(other);
    const heir = (isCreate && outbox.laneOf(entry).find(first)) || entry;
    // Whoever has seen the record that is there builds on that.
    const isShown = isThere(refused) || replica.get(entry.mutation.topic)?.attrs(keyOf(entry));
    const isAware = isShown && typeof heir.mutation.base === 'number';
    if (isCreate && !isAware && heir.mutation.method !== 'delete') {
      outbox.change(heir, { mutation: completed(refused, heir.mutation) });
      if (heir.kept) ops.push({ type: 'putMutation', row: rowOf(heir) });
    }
    outbox.remove(refused);
    outlet.item(refused);
    heir.replaced = [...heir.replaced, refused];
    if (heir.kept) ops.push({ type: 'deleteMutation', order: refused.order });
  }
}

function completed(refused: Entry, later: Mutation): Mutation {
  return {
    ...later,
    method: isThere(refused) ? 'update' : 'create',
    // Whoever says all of it again may have taken something away.
    set: later.method === 'create' ? later.set : edited(refused.mutation.set, later.set, later.unset),
    unset: [],
    base: isThere(refused) ? 'previous' : null,
    was: {},
  };
}
