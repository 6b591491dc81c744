import { type ConnectRequest, requestOf, takeModel } from './connect-request.ts';
import type { Context } from './context.ts';
import { type Course, courseOf, steer } from './course.ts';
import { type Middleware, takesErrors } from './middleware.ts';

export interface ConnectResponse {
  /** Answers. Of a write: what is kept, and what its author is told; nothing = it as it came. */
  end(result?: unknown): void;
  /** The same, as data.io and Express call it. */
  send(result?: unknown): void;
  json(result?: unknown): void;
  /** Answers with an error: nobody else is asked. */
  error(error: unknown): void;
}

export type ConnectNext = (error?: unknown) => void;
export type ConnectHandler = (
  request: ConnectRequest,
  response: ConnectResponse,
  next: ConnectNext,
) => unknown;
/** One with four parameters is asked only where an error was handed on. */
export type ConnectErrorHandler = (
  error: unknown,
  request: ConnectRequest,
  response: ConnectResponse,
  next: ConnectNext,
) => unknown;

export interface ConnectOptions {
  /** The page sees the stacks of errors; not for production. */
  readonly debug?: boolean;
}

/**
 * A function of Connect's kind, as Backbone.IO, data.io and Express have them, as middleware: in the order of use, among others of
 * Koa's kind. `next(error)`, and a throw, goes on to the next that takes errors; where there is none, the write is refused with it.
 * Only the first answer counts. It may run more than once for one write, as all middleware.
 */
export function connectStyle(fn: ConnectHandler, options?: ConnectOptions): Middleware;
export function connectStyle(fn: ConnectErrorHandler, options?: ConnectOptions): Middleware;
export function connectStyle(
  fn: ConnectHandler | ConnectErrorHandler,
  { debug = false }: ConnectOptions = {},
): Middleware {
  const middleware: Middleware = (ctx, next) =>
    new Promise<void>((resolve, reject) => {
      const request = requestOf(ctx);
      const before = courseOf(ctx);
      let isOver = false;
      const go = (course: Course) => {
        if (isOver) return;
        isOver = true;
        steer(ctx, course);
        next().then(resolve, reject);
      };
      const fail = (error: unknown) => go({ type: 'failed', error, debug });
      const take = (result: unknown, course: Course) => {
        if (isOver) return;
        try {
          answer(ctx, request, result);
        } catch (why) {
          fail(why);
        }
        go(course);
      };
      const onward = (error?: unknown) => (error ? fail(error) : take(undefined, { type: 'going' }));
      const end = (result?: unknown) => take(result, { type: 'ended', debug });
      const error = (why: unknown) => go({ type: 'ended', error: why, debug });
      const response: ConnectResponse = { end, send: end, json: end, error };
      const thrown = (why: unknown) => fail(why ?? new Error('Something was thrown that is nothing'));
      const [first, ...rest] = [request, response, onward] as const;
      try {
        const returned =
          fn.length === 4
            ? (fn as ConnectErrorHandler)('error' in before ? before.error : undefined, first, ...rest)
            : (fn as ConnectHandler)(first, ...rest);
        Promise.resolve(returned).catch(thrown);
      } catch (why) {
        thrown(why);
      }
    });
  return fn.length === 4 ? takesErrors(middleware) : middleware;
}

/** A write becomes such that this comes of it; nothing, or what came, may have been changed where it stood. */
function answer(ctx: Context, request: ConnectRequest, result: unknown): void {
  const isOwn = result === undefined || result === request.model;
  takeModel(ctx, isOwn ? request.model : result, isOwn);
  if (!isOwn) ctx.answer = result;
  else if (ctx.method !== 'read') ctx.answer ??= request.model;
}
