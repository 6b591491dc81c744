import { statusOf } from '../../protocol/errors.ts';
import { receiptStatus } from '../../protocol/receipt.ts';
import type { Settlement } from '../../protocol/tab-down.ts';
import type { Without } from '../outlet.ts';

/** With HTTP's number for it: a page need not know the numbers, it is told. */
export function withStatus(settlement: Without<Settlement, 'status'>): Settlement {
  if (settlement.type === 'queued') return settlement;
  if (settlement.type === 'failed') return { ...settlement, status: statusOf(settlement.code) };
  return { ...settlement, status: receiptStatus(settlement.receipt) };
}
