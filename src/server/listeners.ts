import type { Json } from '../base/json.ts';
import type { Log } from '../base/log.ts';
import { badOption, found } from './options/check-options.ts';
import type { SessionInfo } from './resource/session-info.ts';

/** What an application may hear of, and by what. */
export interface ServerListeners {
  readonly connect: (session: SessionInfo) => void;
  readonly disconnect: (session: SessionInfo) => void;
  /** A message that is no change. What is returned, or resolved with, is the answer. */
  readonly message: (session: SessionInfo, content: Json) => unknown;
}

export type ServerEvent = keyof ServerListeners;

/** The application's functions that hear of connections and messages. */
export class Listeners {
  readonly #log: Log;
  readonly #by: { readonly [E in ServerEvent]: Set<ServerListeners[E]> } = {
    connect: new Set(),
    disconnect: new Set(),
    message: new Set(),
  };

  constructor(log: Log) {
    this.#log = log;
  }

  /** Returns a function that ends it. */
  on<E extends ServerEvent>(event: E, fn: ServerListeners[E]): () => void {
    if (!Object.hasOwn(this.#by, event))
      throw badOption(`on knows no event ${found(event)}: there is ${Object.keys(this.#by).join(', ')}.`);
    if (typeof fn !== 'function') throw badOption(`on takes a function after the event: found ${found(fn)}.`);
    this.#by[event].add(fn);
    return () => this.#by[event].delete(fn);
  }

  tell(event: 'connect' | 'disconnect', session: SessionInfo): void {
    for (const fn of this.#by[event]) {
      try {
        fn(session);
      } catch (error) {
        this.#log('error', 'listener-failed', { event, error });
      }
    }
  }

  /** All of them hear it; the first that has something to say answers. Rejects with what one of them throws. */
  async hear(session: SessionInfo, content: Json): Promise<unknown> {
    const said = await Promise.all([...this.#by.message].map(async (fn) => fn(session, content)));
    return said.find((answer) => answer !== undefined) ?? null;
  }
}
