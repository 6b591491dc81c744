import type { ErrorCode, MedullaError } from '../../protocol/errors.ts';
import type { MutationId } from '../../protocol/ids.ts';
import type { Method } from '../../protocol/mutation.ts';
import type { Receipt } from '../../protocol/receipt.ts';
import type { WireRefusal } from './wire.ts';

/** How each code that is not a plain refusal is told. */
const KINDS: Partial<Record<ErrorCode, 'retry' | 'unauthorized' | 'forbidden' | 'gone'>> = {
  retry: 'retry',
  rate: 'retry',
  internal: 'retry',
  unauthorized: 'unauthorized',
  'wrong-user': 'unauthorized',
  forbidden: 'forbidden',
  gone: 'gone',
  'not-found': 'gone',
};

/** What the server said, as the receipt of a write. Null = it is as if it had been done: what is to be deleted is not there. */
export function receiptOf(
  { code, message, details }: MedullaError,
  ids: readonly MutationId[],
  method: Method,
): Exclude<Receipt, { offset: number }> | null {
  const { code: own, status, after = 0, body, headers } = (details ?? {}) as WireRefusal;
  const refusal = {
    ids,
    code: own ?? code,
    message,
    ...(status !== undefined && { status }),
    ...(body !== undefined && { details: body }),
    ...(headers && { headers }),
  };
  const type = KINDS[code] ?? (code === 'conflict' ? code : 'invalid');
  if (type === 'gone' && method === 'delete') return null;
  if (type === 'retry') return { ...refusal, code, type, after };
  return type === 'conflict' ? { ...refusal, type, current: null } : { ...refusal, type };
}
