import { createServer as http } from 'node:http';
import {
  type Context,
  connectStyle,
  createServer,
  type Middleware,
  memoryStore,
  Refusal,
  type Resource,
} from 'backbone-medulla/server';
import { z } from 'zod';

const medulla = createServer(http(), { store: memoryStore() });
const schema = z.object({
  title: z.string(),
  done: z.boolean().default(false),
  due: z.date().optional(),
  tags: z.array(z.string()).optional(),
});
const isMember = (ctx: Context) => ctx.user !== '' && ctx.params.project !== undefined;

// Pattern and schema say what there is.
const tasks = medulla.resource('/projects/:project/tasks', {
  schema,
  authorize: ({ params, current }) => params.project !== '' && current?.done !== true,
  conflict: ({ theirs, yours }) => ({ ...theirs, title: `${theirs.title} ${yours.title}` }),
  id: ({ params }) => `${params.project}-1`,
});
tasks
  .use('create', 'update', async (ctx, next) => {
    if (ctx.set.title === 'x') throw new Refusal(`Not in ${ctx.params.project}`, { code: 'invalid' });
    // What was sent is JSON, and no more than that before the schema has seen it.
    if (typeof ctx.attrs?.title === 'string') ctx.set.title = ctx.attrs.title.trim();
    ctx.unset.push('tags');
    await next();
  })
  .delete((ctx, next) => (ctx.current?.tags?.length ? Promise.reject(new Refusal('Tagged')) : next()));
// Middleware that knows nothing of the schema goes as well.
tasks.use(connectStyle((_request, _response, next) => next()));
const logged: Middleware = async (ctx, next) => [ctx.topic, await next()];
tasks.use('create', logged);

// As JSON a date is text.
const due = (ctx: Context<{ due?: string }>) => ctx.current?.due?.slice(0, 4);
tasks.publish({ record: 1, set: { done: true, due: '2026-01-01' }, unset: ['tags'] }, { project: 7 });
tasks.publish([{ record: 1, deleted: true }], { project: 'x' });
const path: string = tasks.topic({ project: 7 });

// A resource without a schema, or with a pattern that is known later, takes all.
const open = medulla.resource('/open', { public: true, authorize: isMember });
open.publish({ record: 'a', set: { whatever: [1, { deep: null }] } });
open.use(async (ctx, next) => {
  ctx.set.anything = ctx.query;
  await next();
});
declare const pattern: string;
const later: Resource = medulla.resource(pattern, { authorize: isMember });
later.publish({ record: 1, set: { any: 1 } }, { whatever: 1 });
const any: Resource = open;

export { any, due, path };
