import type { Server } from 'node:http';
import { createServer, type Store } from 'backbone-medulla/server';
import { keepPresence } from './presence.ts';
import { cardSchema, listSchema, personSchema } from './schemas.ts';
import { starterCards, starterLists } from './starter-board.ts';

/** The person whom a token names. A demo takes people's word for who they are. */
interface Visitor {
  readonly user: string;
  readonly name: string;
}

/** The board's server on an HTTP server of yours: three resources, and a friendly beginning where there is nothing. */
export async function openBoard(http: Server, store: Store) {
  const medulla = createServer(http, { store, authenticate: ({ token }) => visitorOf(token) });
  const lists = medulla.resource('/lists', { public: true, schema: listSchema });
  // Who writes over what somebody else has changed meanwhile is asked first.
  const cards = medulla
    .resource('/cards', { public: true, schema: cardSchema, conflict: 'reject' })
    .use('create', 'update', 'patch', async (ctx, next) => {
      ctx.set.by = ctx.user;
      await next();
    });
  const people = medulla
    .resource('/people', {
      schema: personSchema,
      // Everybody may change the own name, and nobody another's.
      authorize: (ctx) => ctx.method === 'read' || (ctx.method !== 'delete' && ctx.record === ctx.user),
    })
    .use('create', 'update', 'patch', async (ctx, next) => {
      // Who is here, the server knows best.
      delete ctx.set.online;
      await next();
    });
  await medulla.ready;
  await keepPresence(medulla, people, store);
  if ((await store.head(lists.topic())).offset === 0) {
    await lists.publish(starterLists());
    await cards.publish(starterCards());
  }
  return { medulla, lists, cards, people };
}

/** Null = nobody whom the board knows. */
export function visitorOf(token: string | null): Visitor | null {
  try {
    const said: unknown = JSON.parse(token ?? 'null');
    if (typeof said !== 'object' || said === null || !('id' in said) || !('name' in said)) return null;
    const user = String(said.id).slice(0, 100);
    const name = String(said.name).trim().slice(0, 40);
    return user === '' ? null : { user, name: name || 'Somebody' };
  } catch {
    return null;
  }
}
