import { isObject, type Json } from '../../../base/json.ts';
import type { Attributes } from '../../../protocol/attributes.ts';
import { type ErrorCode, isErrorCode, MedullaError } from '../../../protocol/errors.ts';
import type { WireRefusal } from '../wire.ts';

/** The code for an HTTP status, as servers give it that refuse. */
export function codeOfStatus(status: number): ErrorCode {
  if (status >= 500 || status === 408) return 'retry';
  const code = {
    401: 'unauthorized',
    403: 'forbidden',
    404: 'not-found',
    409: 'conflict',
    410: 'gone',
  } as const;
  const large = { 413: 'too-large', 429: 'rate' } as const;
  return { ...code, ...large }[status] ?? 'invalid';
}

/**
 * A server's no as an error: it may say it as a text, as an object with `message`, `code` or `status`, or as one that holds
 * any of these under `error`. A no that says nothing of its kind is final: the write is shown to its user as refused.
 */
export function refusalOf(said: Json): MedullaError {
  const outer = fieldsOf(said);
  const { code, status, message, after } = { ...outer, ...fieldsOf(outer.error) };
  const number = [code, status].find((one) => typeof one === 'number');
  const known = typeof code === 'string' && isErrorCode(code) ? code : undefined;
  const texts = [said, outer.error, message].filter((one) => typeof one === 'string');
  const details: WireRefusal = {
    body: said,
    ...(typeof code === 'string' && { code }),
    ...(typeof number === 'number' && { status: number }),
    ...(typeof after === 'number' && { after }),
  };
  const coded = known ?? (typeof number === 'number' ? codeOfStatus(number) : 'invalid');
  return new MedullaError(coded, texts[0] || 'The server refused', { details });
}

const fieldsOf = (said: Json | undefined): Attributes => (isObject(said) ? said : {});
