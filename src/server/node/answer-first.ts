import type { Server as HttpServer, IncomingMessage, RequestListener, ServerResponse } from 'node:http';

/** Answers a request that is its own, and says whether it was. */
export type Answerer = (request: IncomingMessage, response: ServerResponse) => boolean;

/**
 * Has these asked before all listeners of 'request', also before those that come later: two that answer one request
 * end the process with ERR_HTTP_HEADERS_SENT. Listeners cannot say that a request is theirs alone, so that `emit`
 * has to. The returned function ends it.
 */
export function answerFirst(http: HttpServer, answerers: readonly Answerer[]): () => void {
  const { emit } = http;
  const isOwn = Object.hasOwn(http, 'emit');
  let isOver = false;
  const first = function (this: HttpServer, event: string, ...args: unknown[]): boolean {
    if (event === 'request' && !isOver) {
      const [request, response] = args as Parameters<Answerer>;
      if (answerers.some((answers) => answers(request, response))) return true;
    }
    return Reflect.apply(emit, this, [event, ...args]);
  };
  http.emit = first as HttpServer['emit'];
  return () => {
    isOver = true;
    // Somebody else may stand before this by now: then it stays where it is, and does nothing.
    if (http.emit !== first) return;
    if (isOwn) http.emit = emit;
    else Reflect.deleteProperty(http, 'emit');
  };
}

/** What Engine.IO, which has just been given the server, answers by polling: its own listener and no other's. */
export function engineAnswers(http: HttpServer, path: string): Answerer {
  const listeners = http.listeners('request') as RequestListener[];
  return (request, response) => {
    const isPolling = (request.url ?? '').startsWith(`${path}/`);
    if (isPolling) for (const listener of listeners) listener.call(http, request, response);
    return isPolling;
  };
}
