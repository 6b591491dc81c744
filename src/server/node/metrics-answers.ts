import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Log } from '../../base/log.ts';
import type { Prometheus } from '../metrics/prometheus.ts';
import type { RequestInfo } from '../resource/session-info.ts';
import type { Answerer } from './answer-first.ts';

/** Who may read what a server counts: everybody, or those for whom the function says true. */
export type MetricsFor = true | ((request: RequestInfo) => boolean | Promise<boolean>);

export interface MetricsParts {
  readonly prometheus: Prometheus;
  readonly readers: MetricsFor;
  readonly log: Log;
}

/** Answers `/medulla/metrics`. */
export const metricsAnswers =
  (parts: MetricsParts): Answerer =>
  (request, response) => {
    const { method, url = '' } = request;
    const isAsked = method === 'GET' && url.split('?')[0] === '/medulla/metrics';
    if (isAsked) void answer(parts, request, response);
    return isAsked;
  };

/** Never rejects. */
async function answer(parts: MetricsParts, request: IncomingMessage, response: ServerResponse) {
  const { prometheus, readers, log } = parts;
  const { headers, socket } = request;
  const end = (status: number, type: string, body: string) =>
    response.writeHead(status, { 'Content-Type': type, 'Cache-Control': 'no-store', ...SAFE }).end(body);
  try {
    const asker: RequestInfo = { headers, address: socket.remoteAddress ?? '', raw: request };
    const mayRead = readers === true || (await readers(asker)) === true;
    if (!mayRead) return end(403, PLAIN, 'These metrics are not for you.');
    const { type, text } = await prometheus.text();
    return end(200, type, text);
  } catch (error) {
    log('error', 'metrics-failed', { error });
    return end(503, PLAIN, 'The server could not tell its metrics: its log says why.');
  }
}

const PLAIN = 'text/plain; charset=utf-8';
const SAFE = { 'X-Content-Type-Options': 'nosniff' };
