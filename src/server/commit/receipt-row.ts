import type { MutationId } from '../../protocol/ids.ts';
import type { Receipt } from '../../protocol/receipt.ts';
import { knownReceipt } from './known-receipt.ts';

/** A receipt as a database keeps it, beside its id. `body` is null where it says no more than its offset. */
export interface ReceiptRow {
  readonly offset: number | null;
  readonly body: string | null;
}

export function receiptRow(receipt: Receipt): ReceiptRow {
  const offset = 'offset' in receipt ? receipt.offset : null;
  if (isPlain(receipt)) return { offset, body: null };
  const { ids: _, ...body } = receipt;
  return { offset, body: JSON.stringify(body) };
}

const isPlain = (receipt: Receipt): boolean =>
  receipt.type === 'applied' &&
  !receipt.set &&
  !receipt.unset &&
  receipt.record === undefined &&
  !receipt.merged;

/** The answer to a repeat. */
export function receiptOf(id: MutationId, offset: number | null, body: string | null): Receipt {
  if (body !== null) return knownReceipt(id, JSON.parse(body));
  return { type: 'duplicate', ids: [id], offset: offset ?? 0 };
}
