import type { Connection, Hello, Link, LinkListener } from '../../src/hub/connection.ts';
import type { Entry } from '../../src/protocol/change.ts';
import { MedullaError } from '../../src/protocol/errors.ts';
import {
  type MutationId,
  type RecordId,
  type RecordKey,
  recordKey,
  type Topic,
  type UserId,
} from '../../src/protocol/ids.ts';
import type { Receipt } from '../../src/protocol/receipt.ts';
import type { Answers, Followed, Limits, Welcome } from '../../src/protocol/server-down.ts';
import type { RequestName, Requests, Sent } from '../../src/protocol/server-up.ts';
import { PROTOCOL } from '../../src/protocol/version.ts';
import { deferred } from './deferred.ts';
import { TopicLogs } from './topic-logs.ts';

type Answer<K extends RequestName> = Answers[K] | Promise<Answers[K]>;
/** Answers in the server's place; `next` is what the server would have done. */
export type Handler<K extends RequestName> = (request: Requests[K], next: () => Answers[K]) => Answer<K>;
type Handlers = { [K in RequestName]?: Handler<K> };

interface TestLink {
  readonly hello: Hello;
  readonly listener: LinkListener;
  readonly reject: Set<(error: MedullaError) => void>;
  readonly live: Set<Topic>;
  open: boolean;
  ended: boolean;
}

/** A server in a few lines at the far end of a hub's connection, each request of which a test can answer otherwise. */
export class ScriptedServer extends TopicLogs implements Connection {
  up = true;
  user: UserId | null = null;
  number = 1;
  limits: Limits = { batch: 1_000, bytes: 1_000_000, record: 100_000, topics: 100 };
  /** When those who follow hear of a push's effects. */
  echo: 'before' | 'after' | 'never' = 'after';
  readonly hellos: Hello[] = [];
  readonly asked: { readonly name: RequestName; readonly request: Requests[RequestName] }[] = [];
  readonly receipts = new Map<MutationId, Receipt>();
  readonly #handlers: Handlers = {};
  #link: TestLink | null = null;

  connect(hello: Hello, listener: LinkListener): Link {
    this.hellos.push(hello);
    const link: TestLink = {
      hello,
      listener,
      reject: new Set(),
      live: new Set(),
      open: this.up,
      ended: false,
    };
    this.#link = link;
    queueMicrotask(() => {
      if (!link.open) this.#end(link, 'unreachable');
      else if (!link.ended) listener.opened(this.#welcome(hello));
    });
    return {
      request: (name, request) => this.#request(link, name, request),
      close: () => queueMicrotask(() => this.#end(link, 'closed')),
    };
  }

  /** Answers requests of this name with `handler` from now on; null = as before. */
  on<K extends RequestName>(name: K, handler: Handler<K> | null): void {
    if (handler) (this.#handlers as Record<K, Handler<K>>)[name] = handler;
    else delete this.#handlers[name];
  }

  /** Has its word on a mutation already: it is refused. */
  decideAgainst(name: string): void {
    const id = name as MutationId;
    this.receipts.set(id, { type: 'invalid', ids: [id], code: 'invalid', message: 'no' });
  }

  /** Holds requests of this name before they are carried out; the returned function lets them, and those to come, go on. */
  hold(name: RequestName): () => void {
    const gate = deferred<void>();
    this.on(name, async (_request, next) => {
      await gate.promise;
      return next();
    });
    return () => {
      this.on(name, null);
      gate.resolve();
    };
  }

  /** Cuts the link; what was asked and not answered is never answered. */
  drop(): void {
    if (this.#link) this.#end(this.#link, 'cut');
  }

  /** Turns the hub away. */
  refuse(code: 'unauthorized' | 'protocol' | 'retry', message: string = code): void {
    const link = this.#link;
    if (link && !link.ended)
      this.#finish(link, () => link.listener.closed({ type: 'refused', code, message }));
  }

  requests<K extends RequestName>(name: K): Requests[K][] {
    return this.asked.filter((one) => one.name === name).map(({ request }) => request as Requests[K]);
  }

  /** What was pushed, push by push, as `id` or `id+id` where folded. */
  get pushes(): string[][] {
    return this.requests('push').map(({ mutations }) =>
      mutations.map(({ mutation, also }) => [mutation.id, ...also].join('+')),
    );
  }

  change(topic: Topic, record: RecordId, set: Entry[2], unset: Entry[3] = null): number {
    const offset = this.note(topic, record, set, unset);
    this.tell(topic, offset - 1);
    return offset;
  }

  /** Sends the entries after `from`, one event. */
  tell(topic: Topic, from: number, to = this.log(topic).length): void {
    const link = this.#link;
    if (!link || link.ended || !link.live.has(topic)) return;
    const { mark } = this.cursor(topic, to);
    link.listener.event('changes', {
      topic,
      from,
      to,
      mark,
      entries: this.log(topic).slice(from, to),
    });
  }

  deny(topic: Topic, code: string): void {
    this.#link?.live.delete(topic);
    this.#link?.listener.event('denied', { topic, code, message: code });
  }

  /** Says that nobody is to be back before so long. */
  leaving(after: number): void {
    this.#link?.listener.event('leaving', { after });
  }

  isLive(topic: Topic): boolean {
    return this.#link?.live.has(topic) ?? false;
  }

  /** Another database in the place of this one. */
  override replaced(epoch: string): void {
    super.replaced(epoch);
    this.receipts.clear();
  }

  #welcome({ user }: Hello): Welcome {
    const { number, limits } = this;
    return { protocol: PROTOCOL, user: this.user ?? user, node: 'test', number, limits };
  }

  #request<K extends RequestName>(link: TestLink, name: K, request: Requests[K]): Promise<Answers[K]> {
    const ended = () => new MedullaError('unreachable', `Cannot ${name}: the link has ended`);
    if (link.ended) return Promise.reject(ended());
    this.asked.push({ name, request });
    return new Promise((resolve, reject) => {
      link.reject.add(reject);
      const next = () => this.#do(link, name, request);
      const handler = this.#handlers[name] as Handler<K> | undefined;
      Promise.resolve()
        .then(() => (handler ? handler(request, next) : next()))
        .then((answer) => !link.ended && resolve(answer), reject)
        .finally(() => link.reject.delete(reject));
    });
  }

  #do<K extends RequestName>(link: TestLink, name: K, request: Requests[K]): Answers[K] {
    const act: { [N in RequestName]: (request: Requests[N]) => Answers[N] } = {
      push: ({ mutations }) => ({
        receipts: mutations.flatMap((sent) => this.#apply(sent)),
        number: this.number,
      }),
      follow: ({ topics }) => ({ topics: topics.map((one) => this.#follow(link, one)) }),
      page: ({ topic, after }) => this.pageOf(topic, after),
      message: () => ({ answer: null }),
      release: ({ topic }) => {
        link.live.delete(topic);
        return {};
      },
      read: ({ topic, record }) => ({
        rows: this.rows(topic).filter(([id]) => record === undefined || recordKey(id) === recordKey(record)),
      }),
      withdraw: ({ ids }) => ({
        receipts: ids.map((id) => {
          const receipt = this.receipts.get(id) ?? {
            type: 'withdrawn',
            ids: [id],
            code: 'withdrawn',
            message: '',
          };
          this.receipts.set(id, receipt);
          return receipt;
        }),
      }),
    };
    return act[name](request);
  }

  #apply({ mutation, also }: Sent): Receipt[] {
    const ids = [mutation.id, ...also];
    const known = ids.flatMap((id) => this.receipts.get(id) ?? []);
    if (known.length > 0) return known;
    const { topic, record, method, set, unset } = mutation;
    const offset = this.note(
      topic,
      record,
      method === 'delete' ? null : set,
      method === 'create' ? '*' : unset,
      ids,
    );
    const receipt: Receipt = { type: 'applied', ids, offset };
    for (const id of ids) this.receipts.set(id, receipt);
    if (this.echo === 'before') this.tell(topic, offset - 1);
    if (this.echo === 'after') setImmediate(() => this.tell(topic, offset - 1, offset));
    return [receipt];
  }

  #follow(link: TestLink, { topic, cursor, live }: Requests['follow']['topics'][number]): Followed {
    if (live) link.live.add(topic);
    const { epoch, offset: to, mark } = this.cursor(topic);
    if (cursor && cursor.epoch === epoch && cursor.offset <= to) {
      const entries = this.log(topic).slice(cursor.offset);
      return { type: 'changes', topic, changes: { topic, epoch, from: cursor.offset, to, mark, entries } };
    }
    return { type: 'snapshot', topic, cursor: this.cursor(topic), ...this.pageOf(topic, '' as RecordKey) };
  }

  #end(link: TestLink, reason: string): void {
    if (!link.ended) this.#finish(link, () => link.listener.closed({ type: 'lost', reason }));
  }

  #finish(link: TestLink, tell: () => void): void {
    link.ended = true;
    for (const reject of link.reject) reject(new MedullaError('unreachable', 'The link has ended'));
    tell();
  }
}
