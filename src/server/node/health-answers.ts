import type { ServerResponse } from 'node:http';
import type { Readiness } from '../health/readiness.ts';
import type { Answerer } from './answer-first.ts';

const HEALTH = '/medulla/health';

/**
 * Answers `/medulla/health` (or `…/ready`): 200 where clients may be sent here, else 503 with the reason; and
 * `/medulla/health/live`: 200 for as long as this process answers at all.
 */
export const healthAnswers =
  (readiness: Readiness): Answerer =>
  ({ method, url = '' }, response) => {
    if (method !== 'GET' && method !== 'HEAD') return false;
    const [path] = url.split('?');
    if (path === `${HEALTH}/live`) answer(response, method, null);
    else if (path === HEALTH || path === `${HEALTH}/ready`)
      void readiness.problem().then((why) => answer(response, method, why));
    else return false;
    return true;
  };

function answer(response: ServerResponse, method: string, why: string | null): void {
  response.writeHead(why ? 503 : 200, {
    'Content-Type': 'application/json; charset=utf-8',
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
  });
  response.end(method === 'HEAD' ? undefined : JSON.stringify(why ? { ok: false, why } : { ok: true }));
}
