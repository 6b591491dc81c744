import { MedullaError } from '../../protocol/errors.ts';
import type { RequestInfo } from '../resource/session-info.ts';

/** As Socket.IO's `cors.origin` has them: 'https://app.example.com', a RegExp, or a list of these; '*' = all. */
export type Origins = string | RegExp | readonly (string | RegExp)[];

/**
 * Why a page of this origin may not connect; null = it may. Browsers name the origin with every WebSocket and with
 * every request to another origin; who names none is no page, and bound by nothing here.
 */
export function originProblem(
  headers: RequestInfo['headers'],
  allowed: Origins | undefined,
  isSecure = false,
): MedullaError | null {
  const { origin } = headers;
  if (allowed === undefined || typeof origin !== 'string') return null;
  const isAllowed = [allowed].flat().some((one) => isOne(origin, one));
  if (isAllowed || isOwn(origin, headers, isSecure)) return null;
  return new MedullaError(
    'forbidden',
    `Pages of ${origin.slice(0, 200)} may not connect: add it to the option origin of createServer if they are to.`,
  );
}

/**
 * The request as it counts. A browser shows the cookies of its user to whichever page opens a WebSocket: one of an origin that is not
 * named, by itself and not by `*`, gets nothing by them, nor by what a browser says in `Authorization` of its own accord. A token it may show.
 */
export function withoutCookies(request: RequestInfo, allowed: Origins | undefined): RequestInfo {
  const { origin, cookie, authorization, ...headers } = request.headers;
  if (typeof origin !== 'string' || (cookie === undefined && authorization === undefined)) return request;
  const isNamed = [allowed ?? []].flat().some((one) => one !== '*' && isOne(origin, one));
  if (isNamed || isOwn(origin, request.headers, isSecure(request.raw))) return request;
  const shown = { origin, ...headers };
  // Not taken from the request itself: other namespaces go over the same one.
  const raw = request.raw ? Object.create(request.raw, { headers: { value: shown } }) : request.raw;
  return { ...request, headers: shown, raw };
}

/** Whether the request came by TLS, as far as this process can tell. */
export const isSecure = (raw: unknown): boolean =>
  (raw as { readonly socket?: { readonly encrypted?: boolean } } | undefined)?.socket?.encrypted === true;

/**
 * Whether the page is the server's own. A browser says so itself, of late; else the host tells, which a proxy may have kept in another place
 * (no page can set these headers). A page that came by http is none of a server's behind https: whoever stands in between could have made it.
 */
function isOwn(origin: string, headers: RequestInfo['headers'], isSecure: boolean): boolean {
  if (headers['sec-fetch-site'] === 'same-origin') return true;
  const page = URL.canParse(origin) ? new URL(origin) : null;
  if (!page || ![headers.host, first(headers['x-forwarded-host'])].includes(page.host)) return false;
  return page.protocol !== 'http:' || !(isSecure || first(headers['x-forwarded-proto']) === 'https');
}

const first = (value: string | readonly string[] | undefined): string | undefined =>
  String(value ?? '')
    .split(',')[0]
    ?.trim();

/**
 * Whether a page of this origin may write by HTTP, with its visitor's cookies. Nobody else's may where none is named:
 * CORS would let a page of any origin send, and not read.
 */
export const mayPush = (
  headers: RequestInfo['headers'],
  allowed: Origins | undefined,
  isSecure = false,
): boolean => originProblem(headers, allowed ?? [], isSecure) === null;

// Not `test`, which goes on from where it was where a RegExp is global.
const isOne = (origin: string, one: string | RegExp): boolean =>
  typeof one === 'string' ? one === '*' || one === origin : origin.search(one) >= 0;
