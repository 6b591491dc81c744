import type { Attributes } from '../../protocol/attributes.ts';
import { badOption, found } from '../options/check-options.ts';
import { asRefusal } from './as-refusal.ts';
import type { Action, Context, Doing } from './context.ts';
import { courseOf } from './course.ts';

export type Next = () => Promise<void>;
/** Koa style: what comes before `await next()` runs on the way in, what comes after it once the write may be committed. */
export type Middleware<A extends object = Attributes, P extends object = Readonly<Record<string, string>>> = (
  ctx: Context<A, P>,
  next: Next,
) => unknown;

interface Layer {
  readonly actions: readonly Doing[];
  readonly fn: Middleware;
}

const ACTIONS: readonly string[] = ['read', 'create', 'update', 'patch', 'delete'] satisfies Action[];

/** Middleware in the order of its use, each for some actions or for all. */
export class MiddlewareStack {
  readonly #layers: Layer[] = [];
  readonly #known: readonly string[];

  /** `methods`: the application's own. */
  constructor(methods: readonly string[] = []) {
    this.#known = [...ACTIONS, ...methods];
  }

  get isEmpty(): boolean {
    return this.#layers.length === 0;
  }

  /** `use(fn)`, `use('create', 'update', fn)`. */
  use(...args: readonly (Doing | Middleware)[]): void {
    const fn = args.at(-1);
    const actions = args.slice(0, -1);
    if (typeof fn !== 'function')
      throw badOption(`use takes middleware, a function, as its last argument: found ${found(fn)}.`);
    const unknown = actions.find((action) => !this.#known.includes(action as string));
    if (unknown !== undefined)
      throw badOption(
        `use knows no action ${found(unknown)}: there is ${this.#known.join(', ')}; a method of your own is named in the resource's methods.`,
      );
    this.#layers.push({ actions: actions as string[], fn });
  }

  for(action: Doing): Middleware[] {
    return this.#layers
      .filter(({ actions }) => actions.length === 0 || actions.includes(action))
      .map(({ fn }) => fn);
  }
}

/** Those that are asked only where an error was handed on. */
const takers = new WeakSet<Middleware>();

/** From now on this middleware is for errors. */
export const takesErrors = (fn: Middleware): Middleware => {
  takers.add(fn);
  return fn;
};

/**
 * Runs the functions, then `last`. One that returns without `next()` has not let the write through, and has not
 * refused it either: that is a mistake, and must not end in a write that nobody judged.
 *
 * While an error is on its way only those are asked that take one; once there is an answer, nobody.
 */
export async function runMiddleware(
  functions: readonly Middleware[],
  ctx: Context,
  last: () => Promise<void>,
): Promise<void> {
  let reached = false;
  let calls = -1;
  await step(0);
  if (!reached)
    throw new Error('A middleware returned without next(): await next(), or throw a Refusal to refuse');

  async function step(at: number): Promise<void> {
    if (at <= calls) throw new Error('A middleware called next() twice: call it once, and await it');
    calls = at;
    const course = courseOf(ctx);
    const asked = functions.findIndex(
      (fn, i) => i >= at && course.type !== 'ended' && takers.has(fn) === (course.type === 'failed'),
    );
    const fn = functions[asked];
    if (fn) await fn(ctx, () => step(asked + 1));
    else {
      if ('error' in course) throw asRefusal(course.error, course.debug);
      await last();
      reached = true;
    }
  }
}
