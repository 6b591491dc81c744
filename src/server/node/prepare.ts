import { type IncomingMessage, ServerResponse } from 'node:http';
import type { MedullaError } from '../../protocol/errors.ts';
import { notTold } from '../admission/admit.ts';
import type { RequestInfo } from '../resource/session-info.ts';

/**
 * Middleware as Express has it, `(request, response, next)`: a parser of cookies, express-session. It runs before `authenticate`,
 * over the request that opens a connection. The response goes nowhere: no cookie can be set here.
 */
export type HandshakeMiddleware = (...args: never[]) => unknown;

/** Lets them put on the request what they put on one. Resolves with what was wrong, null where nothing was. */
export async function prepare(
  request: IncomingMessage,
  handshake: readonly HandshakeMiddleware[] = [],
): Promise<MedullaError | null> {
  if (handshake.length === 0) return null;
  const response = new ServerResponse(request);
  try {
    for (const fn of handshake) await run(fn, request, response);
    return null;
  } catch (cause) {
    return notTold(cause);
  }
}

/** The request as the middleware finds it now: express-session looks up nothing where there is a session already. */
export async function renewed(
  request: RequestInfo,
  handshake: readonly HandshakeMiddleware[] = [],
): Promise<RequestInfo> {
  const { headers, address, raw } = request;
  if (!raw || handshake.length === 0) return request;
  const none = { value: undefined, writable: true, configurable: true, enumerable: true };
  const again = Object.create(raw, { session: none }) as IncomingMessage;
  const problem = await prepare(again, handshake);
  if (problem) throw problem;
  return { headers, address, raw: again };
}

function run(fn: HandshakeMiddleware, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const act = fn as (...args: unknown[]) => unknown;
  return new Promise((resolve, reject) => {
    const next = (error?: unknown) => (error ? reject(error) : resolve());
    Promise.resolve(act(request, response, next)).catch(reject);
  });
}
