import {
  anything,
  either,
  flag,
  list,
  messages,
  nothing,
  number,
  type Of,
  object,
  optional,
  text,
} from '../base/shape.ts';
import { attributes } from './attributes.ts';
import { statusOf } from './errors.ts';
import type { MutationId } from './ids.ts';
import { recordId } from './mutation.ts';

const ids = list(text<MutationId>());
/**
 * `set` and `unset`: how the effect differs from what was sent: defaults, what the server computed, what a merge took
 * (`merged`). `record`: the id that the server gave it. `status`: of a refusal, HTTP's number where the server named one. `headers`: what the answer said beside it.
 */
const effect = {
  ids,
  offset: number,
  record: optional(recordId),
  set: optional(attributes),
  unset: optional(list(text())),
  merged: optional(flag),
  headers: optional(attributes),
};
const refusal = {
  ids,
  code: text(),
  message: text(),
  details: optional(anything),
  status: optional(number),
  headers: optional(attributes),
};

/**
 * The server's word on one mutation, or on a fold of several (`ids`). All but the last two are final and stored:
 * asked again, the server says the same. `retry` (`after` in milliseconds) and `unauthorized` say that nothing was done.
 */
export const receipt = messages({
  applied: effect,
  duplicate: effect,
  conflict: { ...refusal, current: either(object({ version: number, attrs: attributes }), nothing) },
  invalid: refusal,
  forbidden: refusal,
  gone: refusal,
  withdrawn: refusal,
  lost: refusal,
  retry: { ...refusal, after: number },
  unauthorized: refusal,
});

export type Receipt = Of<typeof receipt>;
export type ReceiptType = Receipt['type'];
/** A receipt that says that the effect is there. */
export type Effect = Extract<Receipt, { offset: number }>;
/** A final receipt that says that there will be no effect. */
export type RefusingReceipt = Exclude<Receipt, { type: 'applied' | 'duplicate' | 'retry' | 'unauthorized' }>;
/** Stored, and the same however often it is asked for. */
export type FinalReceipt = Effect | RefusingReceipt;

export const isEffect = (receipt: Receipt): receipt is Effect =>
  receipt.type === 'applied' || receipt.type === 'duplicate';
export const isFinal = (receipt: Receipt): receipt is FinalReceipt =>
  receipt.type !== 'retry' && receipt.type !== 'unauthorized';

/** HTTP's number for it. A page need not know the numbers: it is told. */
export const receiptStatus = (receipt: Receipt): number =>
  isEffect(receipt) ? 200 : (receipt.status ?? statusOf(receipt.code, receipt.type));
