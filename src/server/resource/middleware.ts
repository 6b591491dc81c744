import { badOption, found } from '../options/check-options.ts';
import type { Action, Context } from './context.ts';

export type Next = () => Promise<void>;
/** Koa style: what comes before `await next()` runs on the way in, what comes after it once the write may be committed. */
export type Middleware = (ctx: Context, next: Next) => unknown;

interface Layer {
  readonly actions: readonly Action[];
  readonly fn: Middleware;
}

const ACTIONS: readonly string[] = ['read', 'create', 'update', 'patch', 'delete'] satisfies Action[];

/** Middleware in the order of its use, each for some actions or for all. */
export class MiddlewareStack {
  readonly #layers: Layer[] = [];

  get isEmpty(): boolean {
    return this.#layers.length === 0;
  }

  /** `use(fn)`, `use('create', 'update', fn)`. */
  use(...args: readonly (Action | Middleware)[]): void {
    const fn = args.at(-1);
    const actions = args.slice(0, -1);
    if (typeof fn !== 'function')
      throw badOption(`use takes middleware, a function, as its last argument: found ${found(fn)}.`);
    const unknown = actions.find((action) => !ACTIONS.includes(action as string));
    if (unknown !== undefined)
      throw badOption(`use knows no action ${found(unknown)}: there is ${ACTIONS.join(', ')}.`);
    this.#layers.push({ actions: actions as Action[], fn });
  }

  for(action: Action): Middleware[] {
    return this.#layers
      .filter(({ actions }) => actions.length === 0 || actions.includes(action))
      .map(({ fn }) => fn);
  }
}

/**
 * Runs the functions, then `last`. One that returns without `next()` has not let the write through, and has not
 * refused it either: that is a mistake, and must not end in a write that nobody judged.
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
    const fn = functions[at];
    if (fn) await fn(ctx, () => step(at + 1));
    else {
      await last();
      reached = true;
    }
  }
}
