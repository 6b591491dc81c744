import { decoded } from '../../../base/decoded.ts';
import { isObject, type Json } from '../../../base/json.ts';
import type { Attributes } from '../../../protocol/attributes.ts';
import { MedullaError } from '../../../protocol/errors.ts';
import type { Topic } from '../../../protocol/ids.ts';
import { changeOf, isMethod } from '../said/change-of.ts';
import { recordsIn } from '../said/content-of.ts';
import { jsonIn } from '../said/json-in.ts';
import { codeOfStatus, refusalOf } from '../said/refusal-of.ts';
import { topicIn } from '../said/topic-in.ts';
import type { WireAnswer, WireCall, WireChange, WireLink, WireListener } from '../wire.ts';
import type { NativeSocket, NativeSocketListener } from './native-socket.ts';

export interface NativeLinkParts {
  idName(topic: Topic): string;
  readonly names: {
    readonly type: string | null;
    readonly data: string | null;
    readonly method: string;
    readonly url: string;
    readonly request: string;
  };
  readonly answers: 'request' | 'order' | 'none' | undefined;
  /** The server has named a request that it answers. */
  named(): void;
  /** Tells our requests from those of others, which a server may hand on as they are. */
  readonly device: string;
  readonly listener: WireListener;
  messageOf(call: WireCall, request: string): Attributes;
  /** What the server calls a topic. */
  nameOf(topic: Topic): string;
  open(listener: NativeSocketListener): NativeSocket;
}

interface Asked {
  resolve(answer: WireAnswer): void;
  reject(error: MedullaError): void;
}

/** Close codes in this range are the application's; by custom those from 4400 are HTTP's statuses. */
const APPLICATION = 4000;

/** A native WebSocket as a link: finds out what each message is. */
export class NativeLink implements WireLink {
  readonly #parts: NativeLinkParts;
  readonly #socket: NativeSocket;
  readonly #followed = new Set<Topic>();
  /** The oldest first. */
  readonly #asked = new Map<string, Asked>();
  #count = 0;
  #state: 'opening' | 'open' | 'ended' = 'opening';
  /** Whether the server names the request that it answers. */
  #names: boolean;

  constructor(parts: NativeLinkParts) {
    this.#parts = parts;
    this.#names = parts.answers === 'request';
    this.#socket = parts.open({
      opened: () => {
        this.#state = 'open';
        parts.listener.opened();
      },
      heard: (message) => this.#heard(message),
      closed: (code, reason) => this.#closed(code, reason),
    });
  }

  call(call: WireCall): Promise<WireAnswer> {
    return new Promise((resolve, reject) => {
      if (this.#state !== 'open') throw gone();
      const request = `${this.#parts.device}:${++this.#count}`;
      const message = this.#parts.messageOf(call, request);
      if (this.#parts.answers === 'none')
        resolve({ content: call.method === 'read' && call.record === null ? [] : null });
      else this.#asked.set(request, { resolve, reject });
      this.send(message);
    });
  }

  follow(topic: Topic): void {
    this.#followed.add(topic);
  }

  release(topic: Topic): void {
    this.#followed.delete(topic);
  }

  send(content: Json): void {
    if (this.#state === 'open') this.#socket.send(JSON.stringify(content));
  }

  close(): void {
    this.#socket.close();
  }

  #heard(text: unknown): void {
    const message = parsed(text);
    const { names, listener } = this.#parts;
    const fields = isObject(message) ? message : {};
    const type = names.type === null ? undefined : fields[names.type];
    const content = this.#contentOf(message);
    const told = [content, message].find((one) => this.#isWrite(one));
    const change = told === undefined ? undefined : this.#changeIn(told);
    const request = fields[names.request] ?? (isObject(content) ? content[names.request] : undefined);
    const asked = this.#askedBy(
      request,
      type !== undefined || told !== undefined || typeof text !== 'string',
    );
    if (asked) this.#answer(asked, message, type);
    else if (change) listener.changed(change);
    listener.message(typeof type === 'string' ? type : '', content);
  }

  /** Under its name, where the message has a type and that. */
  #contentOf(message: Json): Json {
    const { type, data } = this.#parts.names;
    if (type === null || data === null || !isObject(message) || message[type] === undefined) return message;
    return message[data] ?? message;
  }

  /** The call that a message answers. */
  #askedBy(request: Json | undefined, isOther: boolean): Asked | undefined {
    const key = typeof request === 'string' ? request : '';
    const named = this.#asked.get(key);
    if (named && this.#parts.answers === undefined) this.#names = true;
    if (named && this.#names) this.#parts.named();
    const inOrder = !named && !request && !isOther && !this.#names;
    const [first, oldest] = (inOrder && this.#asked.entries().next().value) || [key, named];
    this.#asked.delete(first);
    return oldest;
  }

  #answer({ resolve, reject }: Asked, message: Json, type: Json | undefined): void {
    const { names } = this.#parts;
    const said = isObject(message) ? message : {};
    if (said.error || said.success === false || type === 'error') {
      reject(refusalOf(names.data === null ? message : { ...said, ...Object(said[names.data]) }));
      return;
    }
    const own = [names.type ?? '', names.method, names.url, names.request, 'success'];
    resolve({ content: recordsIn(message, { dataAttribute: names.data, own }) });
  }

  /** Whether it is another's, handed on as it came. */
  #isWrite(content: Json): boolean {
    const { method, url } = this.#parts.names;
    return isObject(content) && isMethod(content[method]) && typeof content[url] === 'string';
  }

  /** What another's write changes, in a topic that is followed. */
  #changeIn(content: Json): WireChange | undefined {
    const { names, nameOf, idName } = this.#parts;
    const {
      [names.method]: method,
      [names.url]: url,
      [names.request]: _,
      ...attrs
    } = isObject(content) ? content : {};
    if (!isMethod(method) || typeof url !== 'string') return undefined;
    const place = topicIn(`${url}/`, this.#followed, (topic) => `${nameOf(topic)}/`);
    const [named, ...more] = place?.rest.split('/').filter(Boolean) ?? [];
    if (!place || more.length > 0) return undefined;
    const { topic } = place;
    return changeOf({
      topic,
      method,
      named: named && decoded(named),
      content: attrs,
      idAttribute: idName(topic),
    });
  }

  #closed(code: number, reason: string): void {
    this.#state = 'ended';
    for (const { reject } of this.#asked.values()) reject(gone());
    this.#asked.clear();
    const message = reason || `closed with ${code}`;
    const status = code - APPLICATION;
    const end = { type: 'refused', code: codeOfStatus(status), message } as const;
    this.#parts.listener.closed(status >= 400 && status < 500 ? end : { type: 'lost', reason: message });
  }
}

const gone = () => new MedullaError('unreachable', 'The connection to the server is not open');

/** JSON where it is that, else the text itself. */
function parsed(text: unknown): Json {
  if (typeof text !== 'string') return null;
  try {
    return jsonIn(JSON.parse(text)) ?? null;
  } catch {
    return text;
  }
}
