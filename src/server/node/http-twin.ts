import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Log } from '../../base/log.ts';
import { fits } from '../../base/shape.ts';
import { MedullaError, statusOf } from '../../protocol/errors.ts';
import { refusedAnswer } from '../../protocol/server-down.ts';
import type { Core } from '../core.ts';
import type { Answerer } from './answer-first.ts';
import { isSecure, mayPush, type Origins, originProblem } from './origins.ts';
import { type HandshakeMiddleware, prepare } from './prepare.ts';
import { type BodyBounds, readBody } from './read-body.ts';

export interface TwinParts {
  readonly core: Core;
  /** Socket.IO's path: the twin's stands beside it. */
  readonly path: string;
  readonly origin: Origins | undefined;
  readonly handshake?: readonly HandshakeMiddleware[] | undefined;
  /** What holds for what a request carries. */
  readonly body: BodyBounds;
  readonly log: Log;
}

/** The requests of a hub that follows nothing, and only has to get rid of what it holds. */
const NAMES = ['push', 'withdraw'];

/**
 * What a hub says by socket, by HTTP: `POST /medulla/push`, and `/medulla/withdraw`. The body is the handshake and the
 * request in one object, the token stands in `Authorization: Bearer …`; the answer is the server's welcome and its answer
 * in one. Each request is a session of its own.
 *
 * A page of another origin must not push with its visitor's cookies: it is let in where `origin` names it, and JSON is
 * asked for by a content type that no form can give.
 */
export function httpTwin(parts: TwinParts): Answerer {
  const base = parts.path.slice(0, parts.path.lastIndexOf('/'));
  return (request, response) => {
    const [path = ''] = (request.url ?? '').split('?');
    const name = NAMES.find((one) => path === `${base}/medulla/${one}`);
    if (name) void answer(parts, name, request, response);
    return name !== undefined;
  };
}

/** Never rejects. */
async function answer(parts: TwinParts, name: string, request: IncomingMessage, response: ServerResponse) {
  const allowed = mayPush(request.headers, parts.origin, isSecure(request));
  response.setHeader('Cache-Control', 'no-store');
  response.setHeader('Vary', 'Origin');
  if (allowed) allow(request.headers.origin, parts.origin, response);
  if (request.method === 'OPTIONS') {
    response.writeHead(204).end();
    return;
  }
  const [status, body] = await outcomeOf(parts, name, request).catch((error) => failed(error, parts.log));
  // What is still coming is not read: the connection cannot be used again.
  if (!request.complete) response.setHeader('Connection', 'close');
  response.writeHead(status, { 'Content-Type': 'application/json; charset=utf-8', ...SAFE });
  response.end(JSON.stringify(body));
}

const SAFE = { 'X-Content-Type-Options': 'nosniff' };

function allow(origin: string | undefined, allowed: Origins | undefined, response: ServerResponse): void {
  if (origin === undefined) return;
  const isAll = [allowed].flat().includes('*');
  // With `*` no browser sends cookies along: who lets all pages in does not let them all act for their visitors.
  response.setHeader('Access-Control-Allow-Origin', isAll ? '*' : origin);
  if (!isAll) response.setHeader('Access-Control-Allow-Credentials', 'true');
  response.setHeader('Access-Control-Allow-Methods', 'POST');
  response.setHeader('Access-Control-Allow-Headers', 'Content-Type, Authorization');
  response.setHeader('Access-Control-Max-Age', '600');
}

type Outcome = readonly [status: number, body: object];

async function outcomeOf(parts: TwinParts, name: string, request: IncomingMessage): Promise<Outcome> {
  const { headers, method } = request;
  if (method !== 'POST') return refusal('bad-message', `This is for POST, and not for ${method}.`, 405);
  const problem = originProblem(headers, parts.origin ?? [], isSecure(request));
  if (problem) throw problem;
  if (!/^application\/json\s*(;|$)/i.test(headers['content-type'] ?? ''))
    return refusal('bad-message', 'The content type has to be application/json.', 415);
  // Few bytes may become many.
  if (headers['content-encoding'] !== undefined)
    return refusal('bad-message', 'The body has to come as it is, and not compressed.', 415);
  const body = await readBody(request, parts.body);
  const [, token = null] = /^Bearer (.+)$/i.exec(headers.authorization ?? '') ?? [];
  let welcome = {};
  const admission = await parts.core.admit(
    { ...(body as object), token },
    { headers, address: request.socket.remoteAddress ?? '', raw: request },
    await prepare(request, parts.handshake),
  );
  const session = parts.core.begin(admission, {
    send(event, message) {
      if (event === 'welcome') welcome = message;
    },
  });
  try {
    const outcome = await session.handle(name, body);
    if (!fits(refusedAnswer, outcome)) return [200, { ...welcome, ...outcome }];
    const { code, message } = outcome.refused;
    return refusal(code, message);
  } finally {
    await session.end();
  }
}

/** What is no word of ours is for the server's people, and not for the client. */
function failed(error: unknown, log: Log): Outcome {
  if (error instanceof MedullaError)
    return refusal(error.code, error.message, error.code === 'timeout' ? 408 : undefined);
  log('error', 'twin-failed', { error });
  return refusal('retry', 'The server failed: its log says why.');
}

/** A code that stands for no answer at all is none here. */
const refusal = (code: string, message: string, status = statusOf(code) || 503): Outcome => [
  status,
  { refused: { code, message } },
];
