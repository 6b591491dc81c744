import { badText } from '../session/names.ts';
import type { Context } from './context.ts';
import { type MiddlewareStack, runMiddleware } from './middleware.ts';
import { Refusal } from './refusal.ts';
import { OWNER, type Resource } from './resource.ts';

/** Whether anybody wants to look before something is done to this resource. */
export const isGuarded = (resource: Resource, common: MiddlewareStack): boolean => {
  const { middleware, options } = resource;
  return (
    !common.isEmpty ||
    !middleware.isEmpty ||
    options.authorize !== undefined ||
    options.schema !== undefined ||
    options.handlers !== undefined ||
    options.filter !== undefined ||
    resource.isOwned
  );
};

/** The server's middleware, the resource's, permission, then `last`. Resolves with the tag that permission gave. Throws a Refusal where one of them refuses. */
export async function permit(
  resource: Resource,
  common: MiddlewareStack,
  ctx: Context,
  last: (tag: string) => Promise<void> = async () => undefined,
): Promise<string> {
  const functions = [...common.for(ctx.method), ...resource.middleware.for(ctx.method)];
  let tag = '';
  await runMiddleware(functions, ctx, async () => {
    tag = await authorized(resource, ctx);
    await last(tag);
  });
  return tag;
}

/** The sentence for a resource that nobody has opened; null where somebody has. */
export function closed({ pattern, options, isOwned }: Resource): string | null {
  if (options.public || options.authorize || isOwned) return null;
  return `${pattern} is closed: give its resource an authorize function, or say public: true.`;
}

async function authorized(resource: Resource, ctx: Context): Promise<string> {
  const shut = closed(resource);
  if (shut) throw new Refusal(shut);
  const { authorize } = resource.options;
  if (resource.isOwned && ctx.params[OWNER] !== ctx.user)
    throw new Refusal(`${ctx.topic} is somebody else's.`);
  if (!authorize) return '';
  const permission = await authorize(ctx);
  // Only true opens, or a tag: a function that forgot its return must not.
  if (permission === true) return '';
  if (typeof permission === 'object' && permission !== null && 'tag' in permission)
    return sound(permission.tag, resource.pattern);
  const what = ctx.record === null ? ctx.topic : `${ctx.record} in ${ctx.topic}`;
  throw new Refusal(`You may not ${ctx.method} ${what}.`);
}

/** It goes with each cursor. */
function sound(tag: unknown, pattern: string): string {
  if (typeof tag === 'string' && tag.length <= 200 && !badText(tag)) return tag;
  throw new Error(`authorize of ${pattern} returns true, or { tag } with a text of up to 200 characters`);
}
