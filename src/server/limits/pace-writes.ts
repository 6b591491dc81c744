import type { MutationId } from '../../protocol/ids.ts';
import type { Receipt } from '../../protocol/receipt.ts';
import { unitsOf } from '../commit/units-of.ts';
import { type Rates, tooFast } from './rates.ts';
import type { Client } from './who.ts';

/** One mutation of a push, or several folded into one. */
interface Paced {
  readonly ids: readonly MutationId[];
  readonly batch: MutationId | undefined;
  receipts: readonly Receipt[] | null;
}

/**
 * Says of the last of these that they are to be tried again, where they are more than the user may write now. What stands or falls as one is never
 * cut: where there is room for its beginning it goes, or what is larger than all that is allowed at once would never go.
 */
export async function paceWrites(rates: Rates, client: Client, items: readonly Paced[]): Promise<void> {
  const count = items.reduce((sum, { ids }) => sum + ids.length, 0);
  const taken = count > 0 ? await rates.take('writes', client, count) : null;
  if (!taken || taken.allowed >= count) return;
  const { code, message } = tooFast('writes', taken.after);
  let done = 0;
  for (const unit of unitsOf(items)) {
    const isAllowed = done < taken.allowed;
    for (const item of unit) {
      done += item.ids.length;
      if (!isAllowed) item.receipts = [{ type: 'retry', ids: item.ids, code, message, after: taken.after }];
    }
  }
}
