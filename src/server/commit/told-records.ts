import type { Receipt } from '../../protocol/receipt.ts';
import { weigh } from '../limits/weigh.ts';

/** Bytes of records that one push is told by its conflicts, at most one record more. */
const MOST = 4_194_304;

/** Bounds what conflicts tell, and what is kept of them: a message of few bytes may meet a large record hundreds of times. */
export class ToldRecords {
  #left = MOST;

  /** The receipt as it is told: where there is no room left, that there is a conflict, and no more. */
  of<R extends Receipt>(receipt: R): R {
    if (receipt.type !== 'conflict' || !receipt.current) return receipt;
    if (this.#left <= 0) return { ...receipt, current: null };
    this.#left -= weigh(receipt.current.attrs);
    return receipt;
  }
}
