import type { MutationId } from '../../protocol/ids.ts';
import type { HubContext } from '../context.ts';
import { isQueued } from '../outbox/entry.ts';
import { retryOf } from '../outbox/retry-of.ts';

const MESSAGE = 'The rest of its batch is not here.';

/** A batch was taken whole, and one that has its receipts is done with. Of what is neither nothing is sent: its user decides. */
export function offerParts({ outbox }: HubContext, ids: readonly MutationId[]): void {
  for (const id of ids) {
    const entry = outbox.get(id);
    const unit = entry ? outbox.unitOf(entry) : [];
    if (unit.length === (entry?.mutation.batch?.size ?? unit.length) || !unit.every(isQueued)) continue;
    for (const one of unit)
      outbox.change(one, { phase: { type: 'rejected', receipt: retryOf(one, 'batch', MESSAGE) } });
  }
}
