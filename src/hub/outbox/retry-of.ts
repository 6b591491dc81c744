import type { ErrorCode } from '../../protocol/errors.ts';
import type { Receipt } from '../../protocol/receipt.ts';
import { type Entry, idOf } from './entry.ts';

export type Retry = Extract<Receipt, { type: 'retry' }>;

/** Why it is not done, where no receipt of the server's says it. */
export const retryOf = (entry: Entry, code: ErrorCode, message: string): Retry => ({
  type: 'retry',
  ids: [idOf(entry)],
  code,
  message,
  after: 0,
});
