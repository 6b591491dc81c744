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

/** As whoever asked is told of it. */
export const refused = ({ code, message, details }: Refusal): MedullaError =>
  new MedullaError(code, message, { details });
