import { type ErrorCode, MedullaError } from '../../protocol/errors.ts';

export type RefusalCode = Extract<ErrorCode, 'forbidden' | 'invalid' | 'gone' | 'conflict'>;

/**
 * Thrown by an application to refuse a write for good, or a read; the client sees message and details. Anything else
 * that is thrown is a fault of the server's, and has the write tried again later.
 */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly code: RefusalCode;
  readonly details: unknown;

  constructor(message: string, options: { readonly code?: RefusalCode; readonly details?: unknown } = {}) {
    super(message);
    this.code = options.code ?? 'forbidden';
    this.details = options.details;
  }
}

/** Also one of another copy of this class: the scripts of this package have one each. */
export const isRefusal = (error: unknown): error is Refusal =>
  (error as Partial<Error> | null)?.name === 'Refusal';

/** Its details as they are told. What is no JSON is not: a wire would find out when nobody is there to catch that. */
export function detailsOf({ details }: Refusal): unknown {
  try {
    return details === undefined ? undefined : JSON.parse(JSON.stringify(details));
  } catch {
    return undefined;
  }
}

/** As whoever asked is told of it. */
export const refused = (refusal: Refusal): MedullaError =>
  new MedullaError(refusal.code, refusal.message, { details: detailsOf(refusal) });
