import { createServer as http } from 'node:http';
import { createServer, memoryStore } from 'backbone-medulla/server';
import { z } from 'zod';

const medulla = createServer(http(), { store: memoryStore() });
const schema = z.object({ title: z.string(), done: z.boolean().optional() });
const tasks = medulla.resource('/projects/:project/tasks', {
  schema,
  authorize: ({ params }) => params.projekt === 'x', // TS2551
  conflict: () => ({ title: 7 }), // TS2322
});
medulla.resource('/a', { schema, authorize: ({ current }) => current?.titel === 'x' }); // TS2551
medulla.resource('/b', { authorise: () => true }); // TS2561
medulla.resource('/c', { schema: { parse: () => true } }); // TS2353
medulla.resource('/d', { authorize: () => 'yes' }); // TS2322
tasks.create((ctx, next) => (ctx.set.titel ? next() : undefined)); // TS2551
tasks.update(({ attrs }) => attrs?.title.trim()); // TS18049 TS2339
tasks.patch((ctx) => {
  ctx.set.title = new Date(); // TS2322
});
tasks.publish({ record: 1, set: { titel: 'x' } }, { project: 1 }); // TS2561
tasks.publish({ record: 1, set: { title: 7 } }, { project: 1 }); // TS2322
tasks.publish({ record: 1, unset: ['titel'] }, { project: 1 }); // TS2820
tasks.publish({ record: 1, set: { title: 'x' } }, { projekt: 1 }); // TS2561
tasks.publish({ record: 1, set: { title: 'x' } }); // TS2554
tasks.topic(); // TS2554
medulla.serve({}); // TS2741
createServer(http(), {}); // TS2741
