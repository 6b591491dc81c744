import type { Context, Doing } from './context.ts';
import type { Middleware, Next } from './middleware.ts';
import type { Publication, Resource } from './resource.ts';

/** A backend as Backbone.IO has them: a name, whose records are `/<name>`, and each channel of it a topic, `/<name>/<channel>`. */
export class Backend {
  readonly name: string;
  /** The backend itself, and its channels. */
  readonly #resources: readonly [Resource, Resource];

  constructor(name: string, resources: readonly [Resource, Resource]) {
    this.name = name;
    this.#resources = resources;
    this.use(telling);
  }

  /** Middleware of Koa's kind, or of Connect's in `connectStyle`, for all methods or for those that are named before it. */
  use(...args: readonly (Doing | Middleware)[]): this {
    for (const resource of this.#resources) resource.use(...args);
    return this;
  }

  create(fn: Middleware): this {
    return this.use('create', fn);
  }

  read(fn: Middleware): this {
    return this.use('read', fn);
  }

  update(fn: Middleware): this {
    return this.use('update', fn);
  }

  patch(fn: Middleware): this {
    return this.use('patch', fn);
  }

  delete(fn: Middleware): this {
    return this.use('delete', fn);
  }

  /** Makes changes of the server's own, and tells everybody who follows the backend, or the channel. */
  publish(
    change: Publication | readonly Publication[],
    { channel }: { readonly channel?: string } = {},
  ): Promise<number> {
    const [own, channels] = this.#resources;
    return channel === undefined ? own.publish(change) : channels.publish(change, { channel });
  }
}

const ACTIONS = ['read', 'create', 'update', 'patch', 'delete'];

/** A method of the application's own is told to the others, as the writes are by themselves. */
async function telling(ctx: Context, next: Next): Promise<void> {
  await next();
  if (!ACTIONS.includes(ctx.method) && !ctx.isSilent) ctx.notify();
}
