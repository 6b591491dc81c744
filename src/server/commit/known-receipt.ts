import type { MutationId } from '../../protocol/ids.ts';
import type { Receipt, RefusingReceipt } from '../../protocol/receipt.ts';

/** The answer to a repeat: what was said first, for the one id that is asked about. */
export function knownReceipt(id: MutationId, stored: Receipt): Receipt {
  return stored.type === 'applied' ? { ...stored, type: 'duplicate', ids: [id] } : { ...stored, ids: [id] };
}

/** What is not known, and was first sent before the oldest receipt that is kept: it may have been applied. */
export const lost = (ids: readonly MutationId[]): RefusingReceipt => ({
  type: 'lost',
  ids,
  code: 'lost',
  message: 'This write was first sent so long ago that the server has forgotten whether it was applied.',
});

/** Of these mutations, by id: the receipts that there are, and `lost` for what is below the floor and has none. */
export function receiptsFor(
  asked: readonly { readonly id: MutationId; readonly number: number }[],
  floor: number,
  known: (id: MutationId) => Receipt | undefined,
): ReadonlyMap<MutationId, Receipt> {
  const receipts = new Map<MutationId, Receipt>();
  for (const { id, number } of asked) {
    const receipt = known(id) ?? (number < floor ? lost([id]) : undefined);
    if (receipt) receipts.set(id, receipt);
  }
  return receipts;
}

/** `kept`: the refusal for those of its ids that had no receipt before; null = all had. */
interface Standing {
  readonly kept: RefusingReceipt | null;
  readonly receipts: readonly Receipt[];
}

/** What stands for the ids of a refusal: the receipts that they had before, and the refusal for the others. */
export function standing(refusal: RefusingReceipt, known: (id: MutationId) => Receipt | undefined): Standing {
  const before: Receipt[] = [];
  const ids = refusal.ids.filter((id) => {
    const receipt = known(id);
    if (receipt) before.push(receipt);
    return !receipt;
  });
  const kept = ids.length ? { ...refusal, ids } : null;
  return { kept, receipts: kept ? [...before, kept] : before };
}
