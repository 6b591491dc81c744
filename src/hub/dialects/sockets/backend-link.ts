import type { Json } from '../../../base/json.ts';
import { MedullaError } from '../../../protocol/errors.ts';
import type { Topic } from '../../../protocol/ids.ts';
import type { Addressee } from '../../../protocol/messages/addressee.ts';
import type { LinkEnd } from '../../connection.ts';
import { changeOf, isMethod } from '../said/change-of.ts';
import { jsonIn } from '../said/json-in.ts';
import { isNamed } from '../said/path-of.ts';
import { refusalOf } from '../said/refusal-of.ts';
import type { WireAnswer, WireCall, WireLink, WireListener } from '../wire.ts';
import type { SocketLike } from '../wire-parts.ts';
import { type OpenSocket, openSocket } from './open-socket.ts';

export interface BackendLinkParts {
  /** A socket with a connection of its own. */
  open(namespace: string): SocketLike;
  ended(wasOpen: boolean): void;
  readonly auth: object;
  readonly listener: WireListener;
  idName(topic: Topic): string;
  readonly keyAttribute: string | undefined;
  placeOf(topic: Topic): { readonly backend: string; readonly channel: string };
}

/** One channel of one backend, or all of the backend. Ready once the server has heard that we listen. */
interface Backend {
  readonly socket: OpenSocket;
  /** Whether it goes over the connection of all. */
  readonly isShared: boolean;
  readonly name: string;
  readonly ready: Promise<unknown>;
  /** Those without an answer. */
  calls: number;
  isFollowed: boolean;
}

/** What the server said where it has no such backend, or not for us. */
function refusalIn(end: LinkEnd, name: string): MedullaError | undefined {
  if (end.type === 'refused') return new MedullaError(end.code, end.message);
  if (end.reason !== 'Invalid namespace') return undefined;
  return new MedullaError('unknown-resource', `The server has no backend named '${name}'`);
}

const gone = () => new MedullaError('unreachable', 'The connection to the server is not open');

/**
 * One connection for all backends. A second channel of a backend gets a connection of its own: what the server tells of
 * names no channel, and a client that is in two cannot tell them apart.
 */
export class BackendLink implements WireLink {
  readonly #parts: BackendLinkParts;
  readonly #first: SocketLike;
  readonly #root: OpenSocket;
  readonly #backends = new Map<Topic, Backend>();
  readonly #waiting = new Set<(error: MedullaError) => void>();
  #ended = false;

  constructor(parts: BackendLinkParts) {
    this.#parts = parts;
    this.#first = parts.open('/');
    this.#root = openSocket(this.#first, {
      opened: () => parts.listener.opened(),
      heard: (event, args) => parts.listener.message(event, jsonIn(args[0])),
      closed: (end, wasOpen) => {
        parts.ended(wasOpen);
        this.#end();
        parts.listener.closed(end);
      },
    });
  }

  async call(call: WireCall): Promise<WireAnswer> {
    const { method, topic, attrs, was, query, key, options, record, idAttribute } = call;
    const { keyAttribute } = this.#parts;
    const named = isNamed(call) ? { [idAttribute]: record } : {};
    // What a collection that holds nothing yet is as JSON.
    const model = method === 'read' && !isNamed(call) ? [] : { ...named, ...(attrs ?? was) };
    const keyed = keyAttribute && key ? { [keyAttribute]: key } : {};
    const asked = { ...options, ...(query && { data: query }), ...keyed };
    return { content: await this.#sync(topic, { method, model, options: asked }) };
  }

  ask({ topic, method, options = {} }: Addressee, model: Json): Promise<Json> {
    return this.#sync(topic, { method, model, options });
  }

  async #sync(topic: Topic, request: { readonly method: string; model: Json; options: Json }): Promise<Json> {
    const backend = this.#backend(topic);
    backend.calls++;
    try {
      await this.#answered(backend.ready);
      const [error, response] = await this.#answered(
        new Promise<readonly unknown[]>((resolve) => {
          backend.socket.emit('sync', request, (...answer: unknown[]) => resolve(answer));
        }),
      );
      if (error) throw refusalOf(jsonIn(error) ?? String(error));
      return jsonIn(response) ?? null;
    } finally {
      backend.calls--;
      this.#leave(topic, backend);
    }
  }

  async follow(topic: Topic): Promise<void> {
    const backend = this.#backend(topic);
    backend.isFollowed = true;
    await this.#answered(backend.ready);
  }

  release(topic: Topic): void {
    const backend = this.#backends.get(topic);
    if (!backend) return;
    backend.isFollowed = false;
    this.#leave(topic, backend);
  }

  /**
   * A connection of its own is not kept for nobody. What goes over that of all costs nothing, and stays: a server that hears of
   * the end and of the next beginning in one breath closes the connection.
   */
  #leave(topic: Topic, backend: Backend): void {
    const isWanted = backend.isShared || backend.isFollowed || backend.calls > 0;
    if (isWanted || this.#backends.get(topic) !== backend) return;
    this.#backends.delete(topic);
    backend.socket.close();
  }

  send(content: Json): void {
    this.#root.emit('message', content);
  }

  close(): void {
    this.#root.close();
  }

  #backend(topic: Topic): Backend {
    const known = this.#backends.get(topic);
    if (known) return known;
    const { backend: name, channel } = this.#parts.placeOf(topic);
    const isShared = ![...this.#backends.values()].some((one) => one.isShared && one.name === name);
    const { open, auth } = this.#parts;
    let opened: () => void = () => undefined;
    let failed: (error: MedullaError) => void = () => undefined;
    const ready = new Promise<void>((resolve, reject) => {
      opened = resolve;
      failed = reject;
    });
    ready.catch(() => undefined);
    const socket = openSocket(isShared ? this.#first.io.socket(`/${name}`, { auth }) : open(`/${name}`), {
      opened: () => socket.emit('listen', channel || null, () => opened()),
      heard: (event, args) => this.#heard(topic, event, args),
      closed: (end) => {
        const refusal = refusalIn(end, name);
        failed(refusal ?? gone());
        if (this.#backends.get(topic) !== backend) return;
        this.#backends.delete(topic);
        // A backend that was there is gone, and what it told meanwhile with it: all begins anew.
        if (!refusal) this.close();
      },
    });
    const backend: Backend = { socket, isShared, name, ready, calls: 0, isFollowed: false };
    this.#backends.set(topic, backend);
    return backend;
  }

  #heard(topic: Topic, event: string, [method, response]: readonly unknown[]): void {
    const content = jsonIn(response);
    const { listener, idName } = this.#parts;
    if (event === 'synced' && isMethod(method) && content !== undefined) {
      const change = changeOf({ topic, method, named: undefined, content, idAttribute: idName(topic) });
      // An update is set on what is there, as `bindBackend` did: the server may answer with a part of the record.
      if (change) listener.changed({ ...change, whole: method === 'create' });
    } else if (event === 'synced')
      listener.message(event, { topic, method: String(method), model: content ?? null });
    else listener.message(event, content ?? jsonIn(method));
  }

  /** What is awaited of the server, which has no answer once the link is gone. */
  #answered<T>(answer: Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      if (this.#ended) throw gone();
      this.#waiting.add(reject);
      answer.then(resolve, reject).finally(() => this.#waiting.delete(reject));
    });
  }

  #end(): void {
    this.#ended = true;
    for (const { socket } of this.#backends.values()) socket.close();
    for (const reject of this.#waiting) reject(gone());
    this.#backends.clear();
    this.#waiting.clear();
  }
}
