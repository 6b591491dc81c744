import type { Context } from './context.ts';
import { type MiddlewareStack, runMiddleware } from './middleware.ts';
import { Refusal } from './refusal.ts';
import type { Resource } from './resource.ts';

/** Whether anybody wants to look before something is done to this resource. */
export const isGuarded = ({ middleware, options }: Resource, common: MiddlewareStack): boolean =>
  !common.isEmpty ||
  !middleware.isEmpty ||
  options.authorize !== undefined ||
  options.schema !== undefined ||
  options.handlers !== undefined;

/** The server's middleware, the resource's, permission, then `last`. Throws a Refusal where one of them refuses. */
export async function permit(
  resource: Resource,
  common: MiddlewareStack,
  ctx: Context,
  last: () => Promise<void> = async () => undefined,
): Promise<void> {
  const functions = [...common.for(ctx.method), ...resource.middleware.for(ctx.method)];
  await runMiddleware(functions, ctx, async () => {
    await authorized(resource, ctx);
    await last();
  });
}

/** The sentence for a resource that nobody has opened; null where somebody has. */
export function closed({ pattern, options }: Resource): string | null {
  if (options.public || options.authorize) return null;
  return `${pattern} is closed: give its resource an authorize function, or say public: true.`;
}

async function authorized(resource: Resource, ctx: Context): Promise<void> {
  const shut = closed(resource);
  if (shut) throw new Refusal(shut);
  const { authorize } = resource.options;
  // Only true opens: a function that forgot its return must not.
  if (!authorize || (await authorize(ctx)) === true) return;
  const what = ctx.record === null ? ctx.topic : `${ctx.record} in ${ctx.topic}`;
  throw new Refusal(`You may not ${ctx.method} ${what}.`);
}
