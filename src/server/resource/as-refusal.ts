import { badJson } from '../../protocol/attributes.ts';
import { isRefusal, Refusal, type RefusalCode } from './refusal.ts';

const CODES: Readonly<Record<number, RefusalCode>> = {
  400: 'invalid',
  404: 'gone',
  409: 'conflict',
  410: 'gone',
  422: 'invalid',
};
const isCode = (code: unknown): code is RefusalCode =>
  code === 'forbidden' || code === 'invalid' || code === 'gone' || code === 'conflict';

/** Mistakes in the server's own code. */
const FAULTS = ['TypeError', 'ReferenceError', 'RangeError', 'SyntaxError', 'AggregateError'];

/**
 * What Connect's functions hand on as an error refuses, with its name and its own properties as details; the stack only
 * with `debug`. Not so what is the server's own fault: a status from 500 on, the code 'retry', an error of Node's, or a mistake
 * in its code.
 */
export function asRefusal(error: unknown, debug: boolean): unknown {
  if (isRefusal(error)) return error;
  if (!(error instanceof Error)) return new Refusal(String(error));
  const { name, message, stack } = error;
  const own = { ...error } as Readonly<Record<string, unknown>>;
  const status = Number(own.status ?? own.statusCode);
  // Node's own errors have a number: the disk, or another server, that does not answer.
  const isFault = status >= 500 || own.code === 'retry' || own.errno !== undefined || FAULTS.includes(name);
  if (isFault) return error;
  const code = isCode(own.code) ? own.code : (CODES[status] ?? 'forbidden');
  const plain = Object.entries(own).filter(([key, value]) => key !== 'stack' && badJson(value) === undefined);
  const details = { name, ...Object.fromEntries(plain), ...(debug && { stack }) };
  return new Refusal(message, { code, details });
}
