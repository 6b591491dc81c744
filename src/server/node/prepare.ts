import { type IncomingMessage, ServerResponse } from 'node:http';
import { MedullaError } from '../../protocol/errors.ts';

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
  const response = new ServerResponse(request);
  try {
    for (const fn of handshake) await run(fn, request, response);
    return null;
  } catch (cause) {
    return new MedullaError(
      'retry',
      'The server could not tell who this is now, and says in its log why: it is tried again.',
      { cause },
    );
  }
}

function run(fn: HandshakeMiddleware, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const act = fn as (...args: unknown[]) => unknown;
  return new Promise((resolve, reject) => {
    const next = (error?: unknown) => (error ? reject(error) : resolve());
    Promise.resolve(act(request, response, next)).catch(reject);
  });
}
