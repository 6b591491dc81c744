/** Every error has one of these codes; the number is the HTTP status that a Backbone application sees. */
export const STATUS = {
  'bad-message': 400,
  'bad-attribute': 400,
  'bad-option': 400,
  unauthorized: 401,
  'wrong-user': 401,
  'no-user': 401,
  forbidden: 403,
  'unknown-resource': 404,
  'not-found': 404,
  conflict: 409,
  lost: 409,
  unsent: 409,
  gone: 410,
  'too-large': 413,
  invalid: 422,
  migrate: 422,
  batch: 422,
  protocol: 426,
  rate: 429,
  internal: 500,
  'old-server': 505,
  'bad-merge': 500,
  retry: 503,
  storage: 507,
  unreachable: 0,
  timeout: 0,
  abort: 0,
  withdrawn: 0,
  deposed: 0,
  'no-hub': 0,
} as const;

export type ErrorCode = keyof typeof STATUS;

export const isErrorCode = (code: string): code is ErrorCode => Object.hasOwn(STATUS, code);

/** The HTTP status of a refusal: of its class where the code is the application's own. */
export const statusOf = (code: string, type = ''): number =>
  isErrorCode(code) ? STATUS[code] : isErrorCode(type) ? STATUS[type] : 0;

export interface ErrorInit {
  readonly details?: unknown;
  readonly cause?: unknown;
}

/** The one error class: `code` says what, `status` its HTTP number, `details` whatever helps. */
export class MedullaError extends Error {
  override readonly name = 'MedullaError';
  readonly code: ErrorCode;
  readonly status: number;
  readonly details: unknown;

  /** Also one of another copy of this class: the scripts of this package have one each. */
  static override [Symbol.hasInstance](error: unknown): error is MedullaError {
    return (error as Partial<Error> | null)?.name === 'MedullaError';
  }

  constructor(code: ErrorCode, message: string, { details, cause }: ErrorInit = {}) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.status = STATUS[code];
    this.details = details;
  }
}

/** What was thrown. What nobody has given a code came of an answer that makes no sense. */
export const errorOf = (error: unknown): MedullaError =>
  error instanceof MedullaError ? error : new MedullaError('bad-message', String(error));
