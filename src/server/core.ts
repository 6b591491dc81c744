import { silentLog } from '../base/log.ts';
import { Mismatch } from '../base/shape.ts';
import { MedullaError } from '../protocol/errors.ts';
import type { Topic } from '../protocol/ids.ts';
import { PROTOCOL } from '../protocol/version.ts';
import { type CoreOptions, DEFAULT_LIMITS, DEFAULT_PAGE } from './core-options.ts';
import { nodeClock } from './node/node-clock.ts';
import { nodeRandom } from './node/node-random.ts';
import { Audience } from './publish/audience.ts';
import { publicationWrites } from './publish/publication-writes.ts';
import { Publisher } from './publish/publisher.ts';
import { MiddlewareStack } from './resource/middleware.ts';
import type { Publication, Resource, ResourceOptions } from './resource/resource.ts';
import { Resources } from './resource/resources.ts';
import type { RequestInfo } from './resource/session-info.ts';
import { admit } from './session/admit.ts';
import { type Admission, Session } from './session/session.ts';
import type { Peer, SessionParts } from './session/session-parts.ts';
import type { StoreWrite } from './store.ts';
import { keepTrim } from './trim.ts';

/** The far end of one connection. `join` and `leave` only where the server was given a `broadcast` of its own. */
export interface CorePeer extends Pick<Peer, 'send'>, Partial<Pick<Peer, 'join' | 'leave'>> {}

type SessionEvent = 'connect' | 'disconnect';

export const createCore = (options: CoreOptions): Core => new Core(options);

/** The server without a wire: everything but Socket.IO, so that a test or another wire can drive it. */
export class Core {
  /** Resolves once the store is open; rejects where it cannot be opened. */
  readonly ready: Promise<void>;
  readonly resources: Resources;
  readonly common = new MiddlewareStack();
  readonly sessions = new Set<Session>();
  /** Names this process, in `welcome` and in logs. */
  readonly node: string;
  readonly #options: CoreOptions;
  readonly #parts: SessionParts;
  readonly #audience = new Audience();
  readonly #publisher: Publisher;
  readonly #listeners: Record<SessionEvent, Set<(session: Session) => void>> = {
    connect: new Set(),
    disconnect: new Set(),
  };
  #stopTrim = () => {};
  #closing: Promise<void> | null = null;

  constructor(options: CoreOptions) {
    this.#options = options;
    const { store, limits, page, log = silentLog, clock = nodeClock, random = nodeRandom } = options;
    const broadcast = options.broadcast ?? ((changes) => this.#audience.tell(changes));
    this.#publisher = new Publisher(options.turn ?? setImmediate, broadcast);
    this.node = random.id();
    this.resources = new Resources(this);
    this.#parts = {
      store,
      resources: this.resources,
      common: this.common,
      limits: { ...DEFAULT_LIMITS, ...limits },
      page: { ...DEFAULT_PAGE, ...page },
      clock,
      log,
      commit: (writes) => this.#commit(writes),
    };
    this.ready = this.#open();
    this.ready.catch((error) => log('error', 'store-not-open', { error }));
  }

  resource(pattern: string, options: ResourceOptions = {}): Resource {
    return this.resources.add(pattern, options);
  }

  /** Hears of connections. Returns a function that ends it. */
  on(event: SessionEvent, fn: (session: Session) => void): () => void {
    this.#listeners[event].add(fn);
    return () => this.#listeners[event].delete(fn);
  }

  /** Lets a handshake in, or rejects with the MedullaError that the client is to hear. */
  async admit(handshake: unknown, request: RequestInfo): Promise<Admission> {
    const { log, store } = this.#parts;
    try {
      await this.ready;
      if (this.#closing) throw new MedullaError('retry', 'The server is closing.');
      return {
        ...(await admit(handshake, request, this.#options.authenticate)),
        number: await store.number(),
      };
    } catch (error) {
      if (error instanceof MedullaError && error.code !== 'retry') {
        log('info', 'not-admitted', { code: error.code, message: error.message });
        throw error;
      }
      if (error instanceof Mismatch) throw new MedullaError('bad-message', error.message, { cause: error });
      log('error', 'admission-failed', { error });
      throw error instanceof MedullaError ? error : new MedullaError('retry', 'The server is not ready.');
    }
  }

  /** Begins a connection that was let in; `welcome` is the first thing that it hears. */
  begin(admission: Admission, peer: CorePeer): Session {
    const { random = nodeRandom } = this.#options;
    const whole: Peer = {
      send: (name, event) => peer.send(name, event),
      join: (topic) => (peer.join ? peer.join(topic) : this.#audience.join(topic, whole)),
      leave: (topic) => (peer.leave ? peer.leave(topic) : this.#audience.leave(topic, whole)),
    };
    const session = new Session(random.id(), admission, whole, this.#parts, (it) => {
      this.sessions.delete(it);
      this.#tell('disconnect', it);
    });
    this.sessions.add(session);
    const { user, number } = admission;
    whole.send('welcome', { protocol: PROTOCOL, user, node: this.node, number, limits: this.#parts.limits });
    this.#tell('connect', session);
    return session;
  }

  /** Both at once, for a wire that needs no step in between. */
  async connect(
    peer: CorePeer & { readonly handshake: unknown; readonly request?: RequestInfo },
  ): Promise<Session> {
    return this.begin(await this.admit(peer.handshake, peer.request ?? { headers: {}, address: '' }), peer);
  }

  /** Makes changes of the server's own, in one transaction. Resolves with the topic's offset after them. */
  async publish(topic: Topic, change: Publication | readonly Publication[]): Promise<number> {
    await this.ready;
    const { limits, store } = this.#parts;
    const outcomes = await this.#commit(publicationWrites(topic, change, limits.record));
    for (const outcome of outcomes) {
      if (outcome.type === 'failed') throw outcome.error;
      const refusal = outcome.type === 'receipts' && outcome.receipts.find(({ type }) => type === 'invalid');
      if (refusal && 'message' in refusal) throw new MedullaError('too-large', refusal.message);
    }
    return (await store.head(topic)).offset;
  }

  /** Takes nothing more, finishes what is under way, and closes the store. Idempotent. */
  close(): Promise<void> {
    this.#closing ??= this.#end();
    return this.#closing;
  }

  async #open(): Promise<void> {
    const { store, resources, clock, log } = this.#parts;
    await store.open();
    this.#stopTrim = keepTrim({ store, resources, clock, log }, this.#options);
  }

  async #end(): Promise<void> {
    this.#stopTrim();
    await Promise.all([...this.sessions].map((session) => session.end()));
    this.#publisher.flush();
    await this.ready.catch(() => undefined);
    this.#stopTrim();
    await this.#parts.store.close();
  }

  async #commit(writes: readonly StoreWrite[]) {
    const outcomes = await this.#parts.store.commit(writes, this.#parts.clock.now());
    const changes = outcomes.map((outcome) => (outcome.type === 'receipts' ? outcome.changed : null));
    this.#publisher.add(changes.filter((change) => change !== null));
    return outcomes;
  }

  #tell(event: SessionEvent, session: Session): void {
    for (const fn of this.#listeners[event]) {
      try {
        fn(session);
      } catch (error) {
        this.#parts.log('error', 'listener-failed', { event, error });
      }
    }
  }
}
