import { unreachable as never } from '../../base/assert.ts';
import type { Json } from '../../base/json.ts';
import { MedullaError } from '../../protocol/errors.ts';
import type { Mark, MutationId, UserId } from '../../protocol/ids.ts';
import type { Receipt } from '../../protocol/receipt.ts';
import type { Answers, Welcome } from '../../protocol/server-down.ts';
import type { RequestName, Requests } from '../../protocol/server-up.ts';
import { PROTOCOL } from '../../protocol/version.ts';
import type { Hello, Link, LinkEnd, LinkListener } from '../connection.ts';
import { DialectTopics } from './dialect-topics.ts';
import { DialectWrites } from './dialect-writes.ts';
import { EPOCH, type LinkParts } from './link-parts.ts';
import type { Wire, WireAnswer, WireCall, WireLink, WireListener } from './wire.ts';

/**
 * One write a push: each has its answer by itself, and a slow one holds up none but its own record. Records are as large as
 * the server likes: it says so itself.
 */
const LIMITS = { batch: 1, bytes: 20_000_000, record: 10_000_000, topics: 10_000 };

/** One attempt over a wire, as the hub's Link. */
export class DialectLink implements Link, WireListener {
  readonly #listener: LinkListener;
  readonly #hello: Hello;
  readonly #parts: LinkParts;
  readonly #link: WireLink;
  readonly #node: string;
  readonly #topics: DialectTopics;
  readonly #writes: DialectWrites;
  /** How to reject each call that is not answered yet. */
  readonly #unanswered = new Set<(error: MedullaError) => void>();
  #state: 'opening' | 'open' | 'ended' = 'opening';

  constructor(parts: LinkParts & { readonly wire: Wire }, hello: Hello, listener: LinkListener) {
    this.#parts = parts;
    this.#hello = hello;
    this.#listener = listener;
    this.#node = parts.random.id();
    const call = (call: WireCall) => this.#call(call);
    this.#topics = new DialectTopics(parts, call, {
      follow: async (topic, options) => this.#link.follow?.(topic, options),
      release: (topic) => this.#link.release?.(topic),
      tell: (changes) => this.#listener.event('changes', changes),
      denied: (topic, code, message) => this.#listener.event('denied', { topic, code, message }),
      mark: (offset) => `${this.#node}${offset}` as Mark,
    });
    this.#writes = new DialectWrites(parts, call, this.#topics, parts.wire);
    this.#link = parts.wire.connect(hello, this);
  }

  async request<K extends RequestName>(name: K, request: Requests[K]): Promise<Answers[K]> {
    if (this.#state !== 'open') throw gone();
    return (await this.#answer(name, request)) as Answers[K];
  }

  close(): void {
    this.#link.close();
    this.closed({ type: 'lost', reason: 'closed by the hub' });
  }

  opened(user: UserId = this.#hello.user): void {
    if (this.#state !== 'opening') return;
    this.#state = 'open';
    const welcome: Welcome = { protocol: PROTOCOL, user, node: this.#node, number: 1, limits: LIMITS };
    this.#listener.opened(this.#link.follow ? welcome : { ...welcome, live: false });
  }

  closed(end: LinkEnd): void {
    if (this.#state === 'ended') return;
    this.#state = 'ended';
    for (const reject of this.#unanswered) reject(gone());
    this.#unanswered.clear();
    // Never during connect() or close(): who called them is not done yet.
    queueMicrotask(() => this.#listener.closed(end));
  }

  readonly changed: WireListener['changed'] = (change) => {
    if (this.#state === 'open') this.#topics.changed(change);
  };

  readonly stale: WireListener['stale'] = (topic) => {
    if (this.#state === 'open') this.#topics.stale(topic);
  };

  message(type: string, content: Json | undefined): void {
    if (this.#state === 'open') this.#listener.event('message', { type, content });
  }

  async #answer(name: RequestName, request: unknown): Promise<Answers[RequestName]> {
    switch (name) {
      case 'push': {
        const { mutations } = request as Requests['push'];
        for (const { mutation } of mutations)
          if (typeof mutation.base === 'number') this.#parts.reach(mutation.base);
        return { receipts: await Promise.all(mutations.map((sent) => this.#writes.push(sent))), number: 1 };
      }
      case 'follow': {
        const { topics } = request as Requests['follow'];
        for (const { cursor } of topics) if (cursor?.epoch === EPOCH) this.#parts.reach(cursor.offset);
        return { topics: await Promise.all(topics.map((wanted) => this.#topics.follow(wanted))) };
      }
      case 'read':
        return this.#topics.read(request as Requests['read']);
      case 'release':
        this.#topics.release((request as Requests['release']).topic);
        return {};
      case 'message':
        return { answer: await this.#send(request as Requests['message']) };
      case 'page':
        return { rows: [], next: null }; // a snapshot is one page here
      case 'withdraw':
        return { receipts: await Promise.all((request as Requests['withdraw']).ids.map(this.#withdraw)) };
      default:
        return never(name);
    }
  }

  /** The answer to what is for nobody in particular, where there is one, is a message too. */
  async #send({ content, to }: Requests['message']): Promise<Json> {
    const { ask, send } = this.#link;
    if (to && ask) return ask.call(this.#link, to, content as Json);
    if (to || !send) throw new MedullaError('bad-message', 'This server takes no such messages');
    try {
      send.call(this.#link, content as Json);
    } catch (cause) {
      throw new MedullaError('bad-message', `Cannot send this: ${String(cause)}`, { cause });
    }
    return null;
  }

  /** What is on its way has its answer soon. */
  readonly #withdraw = async (id: MutationId): Promise<Receipt> => {
    await this.#writes.under(id);
    const { answered } = this.#parts;
    const isUnknown = answered.isUnknown(id);
    const message = isUnknown ? 'It was sent, and may have been done: the server cannot say' : 'Taken back';
    const type = isUnknown ? 'lost' : 'withdrawn';
    const receipt = answered.receipt(id) ?? ({ type, ids: [id], code: type, message } as const);
    return { ...receipt, ids: [id] };
  };

  /** The wire's answer; where the link ends first, there is none. */
  #call(call: WireCall): Promise<WireAnswer> {
    return new Promise((resolve, reject) => {
      if (this.#state !== 'open') throw gone();
      this.#unanswered.add(reject);
      const done = () => this.#unanswered.delete(reject);
      this.#link.call(call).then(
        (answer) => {
          done();
          resolve(answer);
        },
        (thrown: unknown) => {
          if (!done()) return;
          const error =
            thrown instanceof MedullaError
              ? thrown
              : new MedullaError('retry', String(thrown), { cause: thrown });
          reject(error);
          if (error.code === 'unreachable') this.#lost(error.message);
        },
      );
    });
  }

  #lost(reason: string): void {
    this.#link.close();
    this.closed({ type: 'lost', reason });
  }
}

const gone = () => new MedullaError('unreachable', 'The connection to the server is not open');
