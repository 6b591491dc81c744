import { fits } from '../../../base/shape.ts';
import { MedullaError } from '../../../protocol/errors.ts';
import { type Answers, refusedAnswer, type Welcome, welcome } from '../../../protocol/server-down.ts';
import type { RequestName, Requests } from '../../../protocol/server-up.ts';
import { PROTOCOL } from '../../../protocol/version.ts';
import type { Connection, Hello, Link, LinkEnd, LinkListener } from '../../connection.ts';
import { badWelcome, lost, readAnswer, refusalIn, unreachable } from '../read-answer.ts';

export interface HttpConnectionOptions {
  /** The server's origin. */
  readonly server: string;
  /** Socket.IO's path: the server's HTTP twin stands beside it. */
  readonly path: string;
}

/**
 * The hub's connection over plain HTTP requests, for where nobody is there to keep a socket for: it pushes and takes back,
 * and hears of nothing. An empty push is its hello. Cookies go along, a token goes as `Authorization: Bearer`.
 */
export function httpConnection({ server, path }: HttpConnectionOptions): Connection {
  const base = new URL('medulla/', server + path.replace(/\/$/, ''));
  return { connect: (hello, listener) => new HttpLink(base, hello, listener) };
}

class HttpLink implements Link {
  readonly #base: URL;
  readonly #hello: Hello;
  readonly #listener: LinkListener;
  readonly #aborting = new AbortController();
  #state: 'opening' | 'open' | 'ended' = 'opening';

  constructor(base: URL, hello: Hello, listener: LinkListener) {
    this.#base = base;
    this.#hello = hello;
    this.#listener = listener;
    void this.#open();
  }

  async request<K extends RequestName>(name: K, request: Requests[K]): Promise<Answers[K]> {
    if (this.#state !== 'open') throw unreachable();
    if (name !== 'push' && name !== 'withdraw')
      throw new MedullaError('bad-message', `There is no ${name} by HTTP`);
    return readAnswer(name, await this.#ask(name, request));
  }

  close(): void {
    this.#end(lost('closed by the hub'));
  }

  async #open(): Promise<void> {
    const { user } = this.#hello;
    const said = await this.#ask('push', { user, mutations: [] }).catch(() => null);
    // Where it was lost, that has been told.
    if (this.#state !== 'opening') return;
    const refused = refusalIn((said as { refused?: unknown } | null)?.refused);
    const problem = welcome.problem(said, '');
    if (refused || problem) this.#end(refused ?? badWelcome(String(problem)));
    else {
      this.#state = 'open';
      this.#listener.opened(said as Welcome);
    }
  }

  /** Where there is no answer of the server's, the link is lost, as a socket would be. */
  async #ask(name: string, request: object): Promise<unknown> {
    const { token, device, user } = this.#hello;
    try {
      const response = await fetch(new URL(name, this.#base), {
        method: 'POST',
        credentials: 'include',
        headers: {
          'Content-Type': 'application/json',
          ...(token !== null && { Authorization: `Bearer ${token}` }),
        },
        body: JSON.stringify({ protocol: PROTOCOL, user, device, ...request }),
        signal: this.#aborting.signal,
      });
      const said: unknown = await response.json();
      if (!response.ok && !fits(refusedAnswer, said)) throw new Error(`HTTP status ${response.status}`);
      return said;
    } catch (error) {
      this.#end(lost(String(error)));
      throw unreachable();
    }
  }

  #end(end: LinkEnd): void {
    if (this.#state === 'ended') return;
    this.#state = 'ended';
    this.#aborting.abort();
    // Never during connect() or close(): who called them is not done yet.
    queueMicrotask(() => this.#listener.closed(end));
  }
}
