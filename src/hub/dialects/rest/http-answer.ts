import { decoded } from '../../../base/decoded.ts';
import { isObject, type Json } from '../../../base/json.ts';
import { type ErrorCode, MedullaError } from '../../../protocol/errors.ts';
import { idIn, noList } from '../rows-of.ts';
import { jsonInText } from '../said/json-in.ts';
import type { WireAnswer, WireCall, WireRefusal } from '../wire.ts';
import type { RestOptions } from './rest-options.ts';

/** What each status that is no success says of a write or a read; any other is a refusal. */
const CODES: Readonly<Record<number, ErrorCode>> = {
  401: 'unauthorized',
  403: 'forbidden',
  404: 'not-found',
  408: 'retry',
  409: 'conflict',
  410: 'not-found',
  412: 'conflict',
  413: 'too-large',
  419: 'unauthorized',
  425: 'retry',
  429: 'rate',
  440: 'unauthorized',
};

/** What came back, as far as it is read. */
export interface HttpResponse {
  readonly status: number;
  readonly headers: { readonly [name: string]: string };
  readonly text: string;
  /** It is of another address than was asked. */
  readonly redirected: boolean;
}

/** What the answer says. Throws a MedullaError where it is a refusal, or no answer to this. */
export function httpAnswer(call: WireCall, options: RestOptions, response: HttpResponse): WireAnswer {
  const { status, headers, text, redirected } = response;
  const body = jsonInText(text);
  if (status < 200 || status > 299) throw refused(status, body ?? text, headers, options);
  if (body === undefined && text.trim() !== '') {
    // A page in place of an answer: most often the one where people sign in.
    const isPage = /html/.test(headers['content-type'] ?? '');
    if (isPage && redirected) throw new MedullaError('unauthorized', 'The server has sent a page to sign in');
    if (isPage || call.method === 'read')
      throw new MedullaError('bad-message', `The answer is no JSON: ${text.slice(0, 80)}`);
  }
  return { content: contentOf(call, options, body ?? null, headers), headers };
}

function contentOf(
  call: WireCall,
  { list }: RestOptions,
  body: Json,
  headers: HttpResponse['headers'],
): Json {
  const isList = call.method === 'read' && call.record === null;
  if (isList && list && isObject(body)) return listIn(body, list);
  const place = headers.location;
  if (call.method !== 'create' || !place || idIn(isObject(body) ? body : {}, call.idAttribute) !== undefined)
    return body;
  // Where it says no more than where the new record is.
  const last = decoded(place.split(/[?#]/, 1)[0]?.split('/').findLast(Boolean) ?? '');
  return { ...(isObject(body) && body), [call.idAttribute]: /^\d{1,15}$/.test(last) ? Number(last) : last };
}

/** Throws where it is not there: what the server says in its place, as that something is wrong, is not an empty list. */
function listIn(body: Json, path: string): Json {
  let part: Json | undefined = body;
  for (const name of path.split('.')) part = isObject(part) ? part[name] : undefined;
  if (part === undefined) throw noList(body);
  return part;
}

function refused(
  status: number,
  body: Json,
  headers: HttpResponse['headers'],
  options: RestOptions,
): MedullaError {
  const { unauthorized = [] } = options;
  const { code, message, error } = isObject(body) ? body : {};
  const own = typeof code === 'string' ? { code } : {};
  const asks = unauthorized.some((one) => one === code);
  const known =
    asks || asksForToken(status, options)
      ? 'unauthorized'
      : (CODES[status] ?? (status >= 500 ? 'retry' : 'invalid'));
  const words = [message, error, typeof body === 'string' && body.slice(0, 200)].find(
    (one) => typeof one === 'string' && one,
  );
  const details: WireRefusal = { ...own, status, after: waitIn(headers['retry-after']), body, headers };
  return new MedullaError(known, typeof words === 'string' ? words : `The server answered ${status}`, {
    details,
  });
}

/** Milliseconds, a day at most: nobody would come back after what some write there; a date counts as a second. */
function waitIn(after: string | undefined): number {
  if (after === undefined) return 0;
  return /^\d+$/.test(after) ? Math.min(Number(after), 86_400) * 1_000 : 1_000;
}

/** Whether a status says that somebody has to sign in, or that a fresh token is wanted. */
export const asksForToken = (status: number, { unauthorized = [] }: RestOptions): boolean =>
  CODES[status] === 'unauthorized' || unauthorized.includes(status);
