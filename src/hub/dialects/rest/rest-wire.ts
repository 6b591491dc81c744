import { backoff } from '../../../base/backoff.ts';
import type { Cancel } from '../../../base/clock.ts';
import { MedullaError } from '../../../protocol/errors.ts';
import type { Topic } from '../../../protocol/ids.ts';
import type { Hello, LinkEnd } from '../../connection.ts';
import type { Wire, WireAnswer, WireCall, WireLink, WireListener } from '../wire.ts';
import type { WireParts } from '../wire-parts.ts';
import { asksForToken, type HttpResponse, httpAnswer } from './http-answer.ts';
import { httpRequest } from './http-request.ts';
import { type LiveTopics, liveTopics } from './live-topics.ts';
import { type RestOptions, readOptions } from './rest-options.ts';
import { Tokens } from './tokens.ts';

/** Bounds of the wait before a server is asked again that answers nothing but the question whether it is there. */
const WAIT = { base: 500, cap: 15_000 };
/** What a proxy says whose server is gone. */
const GONE = new Set([502, 503, 504]);
/** Of these: what says that it has not heard what became of a request. Who says 503 has not taken it. */
const UNHEARD = new Set([502, 504]);

/**
 * Plain HTTP, as stock Backbone speaks it. There is no connection that could be open: it counts as open until a request gets no
 * answer and the server is not there either, and then again once it answers anything at all.
 */
export function restWire(parts: WireParts): Wire {
  const options = readOptions(parts.options);
  const memory: Memory = { failures: 0, tokens: new Tokens(options.csrf) };
  return { connect: (hello, listener) => new RestLink(parts, options, memory, hello, listener) };
}

/** What outlives a link. */
interface Memory {
  /** Links that were lost, one after the other. */
  failures: number;
  readonly tokens: Tokens;
}

class RestLink implements WireLink {
  readonly #parts: WireParts;
  readonly #options: RestOptions;
  readonly #memory: Memory;
  readonly #hello: Hello;
  readonly #listener: WireListener;
  readonly #ending = new AbortController();
  readonly #live: LiveTopics | null;
  /** The last answer for each topic that is followed, which the server may say is still true. */
  readonly #known = new Map<Topic, { readonly etag: string; readonly answer: WireAnswer }>();
  readonly #writes = new Set<Promise<unknown>>();
  #wait: Cancel = () => undefined;
  #asking: Promise<void> | undefined;
  readonly follow: WireLink['follow'];

  constructor(parts: WireParts, options: RestOptions, memory: Memory, hello: Hello, listener: WireListener) {
    this.#parts = parts;
    this.#options = options;
    this.#memory = memory;
    this.#hello = hello;
    this.#listener = listener;
    const { poll, events } = options;
    const open = (path: string, headers: Record<string, string>) => this.#stream(path, headers);
    this.#live =
      poll || events ? liveTopics({ ...parts, options, listener, open, ended: this.#ending.signal }) : null;
    if (this.#live) this.follow = (topic) => this.#live?.follow(topic);
    const delay = memory.failures > 1 ? backoff(memory.failures - 1, WAIT, parts.random) : 0;
    if (memory.failures === 0) queueMicrotask(() => this.#ending.signal.aborted || listener.opened());
    else this.#wait = parts.clock.after(delay, () => void this.#probe());
  }

  release(topic: Topic): void {
    this.#live?.release(topic);
    this.#known.delete(topic);
  }

  async call(call: WireCall): Promise<WireAnswer> {
    const answer = this.#call(call);
    if (call.method === 'read')
      return answer.catch((error: unknown) => this.#withAnotherToken(placeOf(call), error));
    this.#writes.add(answer);
    return answer.finally(() => this.#writes.delete(answer));
  }

  async #call(call: WireCall): Promise<WireAnswer> {
    const { tokens } = this.#memory;
    const isRead = call.method === 'read';
    if (isRead) tokens.learn(call.options.headers);
    const { csrf, refused } = tokens;
    const sender = { ...this.#parts, token: this.#hello.token, csrf, refused };
    const { url, init } = httpRequest(call, this.#options, sender);
    const isWhole = isRead && call.record === null && !call.query && this.#live?.has(call.topic);
    const known = isWhole ? this.#known.get(call.topic) : undefined;
    const headers = known ? { ...init.headers, 'If-None-Match': known.etag } : init.headers;
    // Whoever asks the server wants to know what it has now, and not what the browser has kept of it.
    const cache = isRead && !known ? 'no-cache' : 'default';
    const response = await this.#fetch(url, { ...init, headers, cache });
    if (!isRead && UNHEARD.has(response.status)) return this.#unanswered(url, response.status);
    tokens.learn(response.headers);
    if (known && response.status === 304) return known.answer;
    const answer = this.#answerOf(call, response, init.headers);
    const { etag } = response.headers;
    if (isWhole && etag) this.#known.set(call.topic, { etag, answer });
    return answer;
  }

  #answerOf(call: WireCall, response: HttpResponse, sent: Record<string, string>): WireAnswer {
    try {
      const answer = httpAnswer(call, this.#options, response);
      if (call.method === 'read') this.#memory.tokens.good(placeOf(call));
      return answer;
    } catch (error) {
      if (isUnauthorized(error)) this.#memory.tokens.refuse(sent);
      throw error;
    }
  }

  /** Where a token has expired, the line ends, once no write is on its way, and begins with a fresh one. Always rejects. */
  async #withAnotherToken(place: string, error: unknown): Promise<never> {
    const { token } = this.#hello;
    if (!isUnauthorized(error) || token === null || !this.#memory.tokens.mayHelp(place)) throw error;
    await Promise.allSettled(this.#writes);
    const { message } = error;
    this.#end({ type: 'refused', code: 'unauthorized', message });
    throw new MedullaError('unreachable', message, { cause: error });
  }

  close(): void {
    this.#end({ type: 'lost', reason: 'closed by the hub' });
  }

  async #probe(): Promise<void> {
    try {
      await this.#askIfThere();
      this.#listener.opened();
    } catch (error) {
      this.#lost(error);
    }
  }

  /** Anything that the server answers says that it is there. Rejects where it is not. */
  #askIfThere(): Promise<void> {
    const ask = async () => {
      const { fetch, server } = this.#parts;
      const { status } = await fetch(new URL(this.#options.probe ?? '/', server), {
        method: 'HEAD',
        mode: 'no-cors',
        cache: 'no-store',
        credentials: 'include',
        signal: this.#ending.signal,
      });
      if (GONE.has(status)) throw new Error(`HTTP status ${status}`);
    };
    this.#asking ??= ask().finally(() => {
      this.#asking = undefined;
    });
    return this.#asking;
  }

  async #fetch(url: string, init: RequestInit): Promise<HttpResponse> {
    try {
      const response = await this.#parts.fetch(url, { ...init, signal: this.#ending.signal });
      const { status, redirected } = response;
      const text = await response.text();
      this.#memory.failures = 0;
      return { status, redirected, text, headers: Object.fromEntries(response.headers) };
    } catch (cause) {
      return this.#unanswered(url, cause);
    }
  }

  /** Nobody knows what became of it. It may be this one alone that something stands in the way of: what else is on its way is not lost with it. */
  async #unanswered(url: string, cause: unknown): Promise<never> {
    const message = `There is no answer from ${url}`;
    await this.#askIfThere().catch((error: unknown) => {
      this.#lost(error);
      throw new MedullaError('unreachable', message, { cause });
    });
    throw new MedullaError('timeout', message, { cause });
  }

  async #stream(path: string, headers: Record<string, string>): ReturnType<WireParts['fetch']> {
    const { token } = this.#hello;
    const { server } = this.#parts;
    const own = { ...(token !== null && !this.#options.csrf && { Authorization: `Bearer ${token}` }) };
    const response = await this.#parts.fetch(
      new URL(path.startsWith('/') ? `${server}${path}` : path, server),
      {
        headers: { Accept: 'text/event-stream', ...own, ...(this.#options.headers as object), ...headers },
        credentials: this.#options.credentials ?? 'same-origin',
        cache: 'no-store',
        signal: this.#ending.signal,
      },
    );
    const place = `stream ${path}`;
    const refusal = new MedullaError('unauthorized', `HTTP status ${response.status}`);
    if (response.ok) this.#memory.tokens.good(place);
    else if (asksForToken(response.status, this.#options)) return this.#withAnotherToken(place, refusal);
    return response;
  }

  #lost(error: unknown): void {
    if (this.#ending.signal.aborted) return;
    this.#memory.failures++;
    this.#end({ type: 'lost', reason: String(error) });
  }

  #end(end: LinkEnd): void {
    if (this.#ending.signal.aborted) return;
    this.#wait();
    this.#ending.abort();
    this.#listener.closed(end);
  }
}

const placeOf = ({ topic, record }: WireCall): string => `${topic} ${record ?? ''}`;

const isUnauthorized = (error: unknown): error is MedullaError =>
  error instanceof MedullaError && error.code === 'unauthorized';
