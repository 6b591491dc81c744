import type { Topic, UserId } from '../protocol/ids.ts';
import type { PageState } from '../protocol/page/page-state.ts';
import type { Core } from './core.ts';
import type { CloseOptions } from './drain.ts';
import type { ServerEvent, ServerListeners } from './listeners.ts';
import { checkOptions } from './options/check-options.ts';
import { closeRules } from './options/server-rules.ts';
import { Backend } from './resource/backend.ts';
import type { Action } from './resource/context.ts';
import type { Middleware } from './resource/middleware.ts';
import type { Publication, Resource, ResourceOptions } from './resource/resource.ts';
import type { RequestInfo, SessionInfo } from './resource/session-info.ts';
import type { ParamsOf, RecordOf } from './resource/typing.ts';
import type { StandardSchema } from './resource/validate.ts';
import { type Servable, type Serving, serveCollection } from './serving/serve-collection.ts';

/** Whom a page is rendered for, as `authenticate` would have it. */
export interface Visitor extends Partial<RequestInfo> {
  /** Nobody in particular by default. */
  readonly user?: string;
  /** What `ctx.session.identity` is to be. */
  readonly identity?: unknown;
}

/** What an application has in its hand. */
export class MedullaServer {
  readonly #core: Core;
  readonly #close: (options: CloseOptions) => Promise<void>;
  #closed: Promise<void> | null = null;

  constructor(core: Core, close: (options: CloseOptions) => Promise<void>) {
    this.#core = core;
    this.#close = close;
  }

  /** Resolves once the store is open; rejects where it cannot be opened. Connections wait for it by themselves. */
  get ready(): Promise<void> {
    return this.#core.ready;
  }

  /** The connections that are open. */
  get sessions(): ReadonlySet<SessionInfo> {
    return this.#core.sessions;
  }

  /** Exposes what is under a path pattern as `/projects/:project/tasks`. Closed to everybody unless the options open it. */
  resource<const P extends string, S extends StandardSchema = StandardSchema>(
    pattern: P,
    options: ResourceOptions<RecordOf<S>, ParamsOf<P>, S> = {},
  ): Resource<RecordOf<S>, P> {
    return this.#core.resource(pattern, options as unknown as ResourceOptions) as unknown as Resource<
      RecordOf<S>,
      P
    >;
  }

  /**
   * Makes a live Backbone collection a resource, at its url: what clients write is set on its models, and what is changed on
   * them here is published. The models' `validate` is the server's, too. The records are in the store, which has the first
   * word: what the collection has besides is added to it.
   */
  serve(collection: Servable, options: ResourceOptions = {}): Serving {
    return serveCollection(this.#core, collection, options);
  }

  /** A resource in the words of Backbone.IO: `backend: name`, or `{name, channel}`, on the page. Its options are those of `resource`. */
  backend(name: string, options: ResourceOptions = {}): Backend {
    const path = `/${encodeURIComponent(name)}`;
    return new Backend(name, [this.resource(path, options), this.resource(`${path}/:channel`, options)]);
  }

  /** Middleware of all resources, before their own. */
  use(...args: readonly (Action | Middleware)[]): this {
    this.#core.common.use(...args);
    return this;
  }

  /**
   * Hears of connections, and of messages that are no changes: what the function for 'message' returns is the answer, and
   * a Refusal that it throws too. Returns a function that ends it.
   */
  on<E extends ServerEvent>(event: E, fn: ServerListeners[E]): () => void {
    return this.#core.on(event, fn);
  }

  /**
   * Tells all pages what is no change, or those of them that follow a topic: they hear 'message' with the type ('' for
   * none) and the content, which is JSON. Nobody keeps it: who is not connected does not hear of it.
   */
  send(type: string, content?: unknown, { topic }: { readonly topic?: string } = {}): void {
    this.#core.send(type, content, topic as Topic | undefined);
  }

  /**
   * Asks again what those who are connected may do, on all nodes: of one `user`, of one `topic`, or of all. Where they may not follow something any more,
   * that ends, and is erased at theirs; where the tag of `authorize` is another, or the resource has a filter, it begins anew. Without a `topic`
   * `authenticate` is asked, too, with what it was asked with when they connected: whom it does not let in any more is hung up on. Resolves once all
   * who are connected to this server were asked; rejects where that could not be told of each.
   */
  recheck({ user, topic }: { readonly user?: string; readonly topic?: string } = {}): Promise<void> {
    return this.#core.recheck({ user, topic });
  }

  /** Makes a change of the server's own, or several in one transaction. Resolves with the topic's offset after them. */
  publish(topic: string, change: Publication | readonly Publication[]): Promise<number> {
    return this.#core.publish(topic as Topic, change);
  }

  /**
   * What topics hold now, for a page that is rendered here for this user: with `hydrate` it begins with that, and only
   * what changes from now on is fetched. Rejects where the user may not read one of them.
   */
  async snapshot(
    topics: readonly string[],
    { user = '', identity, headers = {}, address = '' }: Visitor = {},
  ): Promise<PageState> {
    const session: SessionInfo = {
      id: '',
      user: user as UserId,
      device: '',
      identity,
      request: { headers, address },
      send: () => undefined, // nobody is there yet
    };
    const all: PageState['topics'][number][] = [];
    for (const name of topics) {
      const topic = name as Topic;
      all.push({ topic, snapshot: await this.#core.snapshot(topic, session) });
    }
    return { user: session.user, topics: all };
  }

  /**
   * Lets all clients go, finishes what is under way, and closes the store; not the http server. From the first moment on
   * `/medulla/health` says that nobody should come. Idempotent: the first call's options count.
   */
  close(options: CloseOptions = {}): Promise<void> {
    checkOptions('close', options, closeRules);
    this.#closed ??= this.#close(options);
    return this.#closed;
  }
}
