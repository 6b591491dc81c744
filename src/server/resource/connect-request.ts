import { equalJson, isObject, type Json } from '../../base/json.ts';
import type { Context } from './context.ts';
import type { RequestInfo, SessionInfo } from './session-info.ts';

/** What a function of Connect's kind gets, in Backbone.IO's words. What one layer puts on it the next ones find. */
export interface ConnectRequest {
  /** 'create', 'read', 'update', 'patch', 'delete', or a method of the application's own. */
  readonly method: string;
  /** The record as it would be, with its id; of a read the id alone, where one record is asked for. Change it to change the write. */
  model: unknown;
  /** What the call said on the page beside Backbone's own options; a read's query as `data`. */
  readonly options: Readonly<Record<string, unknown>>;
  /** The first part of the topic, and what follows it. */
  readonly backend: string;
  readonly channel: string | undefined;
  readonly topic: string;
  readonly params: Readonly<Record<string, string>>;
  readonly user: string;
  readonly client: SessionInfo;
  /** As much of a socket as says who is there. */
  readonly socket: { readonly id: string; readonly handshake: RequestInfo; readonly request: unknown };
  readonly headers: RequestInfo['headers'];
  /** What a session middleware of the handshake has found. */
  session?: unknown;
  cookies?: unknown;
  /** Nobody is told of this write as it happens but its author. */
  silent(): void;
  /** Tells those who follow these topics, or this one, once it is done. */
  notify(...topics: string[]): void;
  [name: string]: unknown;
}

/** `seen`: what the write was when the request's model was last the same. */
interface Held {
  readonly request: ConnectRequest;
  seen: object;
}

const requests = new WeakMap<Context, Held>();

const written = ({ attrs, set }: Context): object => structuredClone(attrs ?? set);

/** The same one for all layers. */
export function requestOf(ctx: Context): ConnectRequest {
  const known = requests.get(ctx);
  if (known) {
    // Middleware of the other kind has changed the write since.
    if (isChange(ctx) && !equalJson(written(ctx), known.seen)) known.request.model = modelOf(ctx);
    return known.request;
  }
  const { method, session, topic, params, user, options, query } = ctx;
  const [, backend = '', ...rest] = topic.split('/');
  const { request, id } = session;
  const own = (request.raw ?? {}) as { readonly session?: unknown };
  const made: ConnectRequest = {
    method,
    model: modelOf(ctx),
    options: query ? { ...options, data: query } : options,
    backend,
    channel: rest.length > 0 ? rest.map(decodeURIComponent).join('/') : undefined,
    topic,
    params,
    user,
    client: session,
    socket: { id, handshake: request, request: request.raw },
    headers: request.headers,
    ...(own.session !== undefined && { session: own.session }),
    silent: () => void ctx.silent(),
    notify: (...topics) => void ctx.notify(...topics),
  };
  requests.set(ctx, { request: made, seen: written(ctx) });
  return made;
}

const isChange = ({ method }: Context) => /^(create|update|patch)$/.test(method);

const withId = (attrs: object, { record }: Context) => (record === null ? attrs : { ...attrs, id: record });

function modelOf(ctx: Context): unknown {
  if (ctx.method === 'read') return withId({}, ctx);
  if (ctx.method === 'delete') return withId(structuredClone(ctx.current ?? {}), ctx);
  // Of a record that is gone there is no more than what was sent.
  return isChange(ctx) ? withId(written(ctx), ctx) : ctx.content;
}

/**
 * Makes the write such that this comes of it. `isWhole`: what is missing is to go; else it stays as it is.
 * Throws where it is another record.
 */
export function takeModel(ctx: Context, model: unknown, isWhole: boolean): void {
  if (ctx.method === 'delete' || !ctx.attrs || !isObject(model)) return;
  const { id, ...attrs } = JSON.parse(JSON.stringify(model)) as Record<string, Json>;
  if (id !== undefined && id !== null && (ctx.record === null || String(id) !== String(ctx.record))) {
    if (ctx.record !== null)
      throw new TypeError(
        `Record ${ctx.record} of ${ctx.topic} cannot become ${String(id)}: where the server names records, say ids: 'server' on the page`,
      );
    ctx.id = id as never;
  }
  const before = ctx.attrs;
  for (const [name, value] of Object.entries(attrs)) {
    if (Object.hasOwn(before, name) && equalJson(before[name], value)) continue;
    ctx.set[name] = value;
    ctx.unset = ctx.unset.filter((one) => one !== name);
  }
  for (const name of isWhole ? Object.keys(before) : []) {
    if (Object.hasOwn(attrs, name)) continue;
    delete ctx.set[name];
    if (ctx.current && Object.hasOwn(ctx.current, name)) ctx.unset.push(name);
  }
  const held = requests.get(ctx);
  if (held) held.seen = written(ctx);
}
