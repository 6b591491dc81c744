import { MedullaError } from '../../../protocol/errors.ts';
import { SINGLETON } from '../../../protocol/ids.ts';
import { withoutId } from '../rows-of.ts';
import type { WireCall } from '../wire.ts';
import { params } from './params.ts';
import type { RestOptions } from './rest-options.ts';

/** What a request says of who sends it. */
export interface Sender {
  readonly server: string;
  /** The page's: what goes elsewhere must not carry what needs leave to be carried. */
  readonly origin: string;
  readonly token: string | null;
  /** The newest token against forgery that is known. */
  readonly csrf: string | null;
  /** Values of `Authorization` that the server has refused. */
  readonly refused: ReadonlySet<string>;
}

export interface HttpRequest {
  readonly url: string;
  readonly init: {
    readonly method: string;
    readonly headers: Record<string, string>;
    readonly body?: string;
    readonly credentials: 'same-origin' | 'include' | 'omit';
  };
}

const METHODS = { create: 'POST', update: 'PUT', patch: 'PATCH', delete: 'DELETE', read: 'GET' } as const;

/** Says what stock Backbone says by jQuery, for the same call. */
export function httpRequest(call: WireCall, options: RestOptions, sender: Sender): HttpRequest {
  const { method, topic, record, query, options: said, key, idAttribute } = call;
  const { emulateHTTP = false, emulateJSON = false } = { ...options, ...said } as RestOptions;
  const type = METHODS[method];
  const isEmulated = emulateHTTP && type !== 'GET' && type !== 'POST';
  const own = record === null || record === SINGLETON ? '' : `/${encodeURIComponent(record)}`;
  // Not as a reference to be resolved: a path that begins with two slashes would name another server.
  const url = new URL(`${sender.server}${topic}${own}${options.suffix ?? ''}`);
  if (query) url.search = params(query);
  const headers: Record<string, string> = { Accept: 'application/json, text/javascript, */*; q=0.01' };
  if (sender.server === sender.origin) headers['X-Requested-With'] = 'XMLHttpRequest';
  const name = options.key ?? 'Idempotency-Key';
  if (key && name) headers[name] = key;
  if (sender.token !== null && !options.csrf) headers.Authorization = `Bearer ${sender.token}`;
  for (const [header, value] of Object.entries({ ...options.headers, ...(said.headers as object) }))
    if (!(headers.Authorization && isAuthorization(header) && sender.refused.has(String(value))))
      setHeader(headers, header, String(value));
  const csrf = sender.csrf ?? sender.token;
  if (options.csrf && csrf !== null) setHeader(headers, options.csrf, csrf);
  if (isEmulated) headers['X-HTTP-Method-Override'] = type;
  const attrs = call.attrs && (method === 'patch' ? withoutId(call.attrs, idAttribute) : call.attrs);
  const body = emulateJSON
    ? params({ ...(attrs && { model: JSON.stringify(attrs) }), ...(isEmulated && { _method: type }) })
    : attrs && JSON.stringify(attrs);
  if (body) setHeader(headers, 'Content-Type', emulateJSON ? FORM : 'application/json');
  checkHeaders(headers);
  return {
    url: url.href,
    init: {
      method: isEmulated ? 'POST' : type,
      headers,
      ...(body && type !== 'GET' && { body }),
      credentials: options.credentials ?? 'same-origin',
    },
  };
}

const isAuthorization = (header: string): boolean => header.toLowerCase() === 'authorization';

const FORM = 'application/x-www-form-urlencoded; charset=UTF-8';

/** What no request can carry must not look as if the server gave no answer. */
function checkHeaders(headers: Record<string, string>): void {
  try {
    new Headers(headers);
  } catch (cause) {
    throw new MedullaError('bad-message', `The headers cannot be sent: ${String(cause)}`, { cause });
  }
}

/** Whatever case somebody wrote it in. */
export function setHeader(headers: Record<string, string>, name: string, value: string): void {
  for (const other of Object.keys(headers))
    if (other.toLowerCase() === name.toLowerCase()) delete headers[other];
  headers[name] = value;
}
