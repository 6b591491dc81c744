import type { Context } from './context.ts';

/**
 * How things stand on the way through middleware. `failed`: an error was handed on, to those that take one. `ended`: there is
 * an answer, and nobody else is asked; with an `error` that is the answer. `debug`: the client may see the stack.
 */
export type Course =
  | { readonly type: 'going' }
  | { readonly type: 'failed'; readonly error: unknown; readonly debug: boolean }
  | { readonly type: 'ended'; readonly error?: unknown; readonly debug: boolean };

const GOING: Course = { type: 'going' };

/** What is not here is going: few have anything but middleware of Koa's kind. */
const courses = new WeakMap<Context, Course>();

export const courseOf = (ctx: Context): Course => courses.get(ctx) ?? GOING;

export const steer = (ctx: Context, course: Course): void => {
  courses.set(ctx, course);
};
