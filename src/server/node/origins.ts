import { MedullaError } from '../../protocol/errors.ts';
import type { RequestInfo } from '../resource/session-info.ts';

/** As Socket.IO's `cors.origin` has them: 'https://app.example.com', a RegExp, or a list of these; '*' = all. */
export type Origins = string | RegExp | readonly (string | RegExp)[];

/**
 * Why a page of this origin may not connect; null = it may. Browsers name the origin with every WebSocket and with
 * every request to another origin; who names none is no page, and bound by nothing here.
 */
export function originProblem(
  { origin, host }: RequestInfo['headers'],
  allowed: Origins | undefined,
): MedullaError | null {
  if (allowed === undefined || typeof origin !== 'string') return null;
  const isAllowed = [allowed].flat().some((one) => isOne(origin, one));
  if (isAllowed || hostOf(origin) === host) return null;
  return new MedullaError(
    'forbidden',
    `Pages of ${origin.slice(0, 200)} may not connect: add it to the option origin of createServer if they are to.`,
  );
}

/**
 * Whether a page of this origin may write by HTTP, with its visitor's cookies. Nobody else's may where none is named:
 * CORS would let a page of any origin send, and not read. A browser says itself what is of the same origin, whatever a
 * proxy has made of `host`.
 */
export const mayPush = (headers: RequestInfo['headers'], allowed: Origins | undefined): boolean =>
  headers['sec-fetch-site'] === 'same-origin' || originProblem(headers, allowed ?? []) === null;

// Not `test`, which goes on from where it was where a RegExp is global.
const isOne = (origin: string, one: string | RegExp): boolean =>
  typeof one === 'string' ? one === '*' || one === origin : origin.search(one) >= 0;

const hostOf = (origin: string): string | null => (URL.canParse(origin) ? new URL(origin).host : null);
