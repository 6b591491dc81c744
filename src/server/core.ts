import type { Json } from '../base/json.ts';
import { silentLog } from '../base/log.ts';
import type { Snapshot } from '../protocol/change.ts';
import { MedullaError } from '../protocol/errors.ts';
import type { Topic } from '../protocol/ids.ts';
import type { Admission } from './admission/admission.ts';
import { Admissions } from './admission/admissions.ts';
import { RECHECKS, type Recheck, Rechecks } from './admission/rechecks.ts';
import { welcomeOf } from './admission/welcome-of.ts';
import { type CoreOptions, DEFAULT_PAGE } from './core-options.ts';
import { type CloseOptions, drain } from './drain.ts';
import { Rates } from './limits/rates.ts';
import { DEFAULT_LIMITS } from './limits/server-limits.ts';
import { Listeners, type ServerEvent, type ServerListeners } from './listeners.ts';
import { silentMeter } from './metrics/meter.ts';
import { Audience } from './publish/audience.ts';
import { Delivery } from './publish/delivery.ts';
import { type Hearer, Hearers } from './publish/hearers.ts';
import { type CorePeer, Placed, type Places } from './publish/placed.ts';
import { publishTo } from './publish/publish-to.ts';
import { Publisher } from './publish/publisher.ts';
import { type Run, runOf } from './publish/run.ts';
import { MiddlewareStack } from './resource/middleware.ts';
import type { Publication, Resource, ResourceOptions } from './resource/resource.ts';
import { Resources } from './resource/resources.ts';
import type { RequestInfo, SessionInfo } from './resource/session-info.ts';
import { Session } from './session/session.ts';
import type { SessionParts } from './session/session-parts.ts';
import { snapshotFor } from './session/snapshot-for.ts';
import { Viewers } from './sight/viewers.ts';
import type { StoreWrite } from './store.ts';
import { keepTrim } from './trim.ts';

export const createCore = (options: CoreOptions): Core => new Core(options);

/** The server without a wire: everything but Socket.IO, so that a test or another wire can drive it. */
export class Core {
  /** Resolves once the store is open; rejects with a MedullaError 'storage' where it cannot be opened, and logs it. */
  readonly ready: Promise<void>;
  readonly resources: Resources;
  readonly common = new MiddlewareStack();
  readonly sessions = new Set<Session>();
  /** Names this process, in `welcome` and in logs. */
  readonly node: string;
  readonly #options: CoreOptions;
  readonly #parts: SessionParts;
  readonly #publisher: Publisher;
  /** What happens on any node, to those who follow on this one. */
  readonly #delivery: Delivery;
  readonly #places: Places;
  readonly #admissions: Admissions;
  readonly #rechecks: Rechecks;
  readonly #listeners: Listeners;
  readonly #hearers = new Hearers();
  readonly #ended = (session: Session, admission: Admission) => {
    this.#admissions.end(admission);
    this.sessions.delete(session);
    this.#listeners.tell('disconnect', session);
  };
  #stopTrim = () => {};
  #closing: Promise<void> | null = null;
  /** What is being published. It may be until everybody is gone: listeners tell of that. */
  readonly #publishing = new Set<Promise<unknown>>();
  #isClosed = false;

  constructor(options: CoreOptions) {
    this.#options = options;
    this.#listeners = new Listeners(options.log ?? silentLog);
    const { store, limits, page, log = silentLog, clock, random, nodes } = options;
    const tell = (run: Run) => (run.topic === RECHECKS ? this.#rechecks.heard(run) : this.#tell(run));
    const restored = (topic: Topic) => {
      for (const one of [this.#hearers, this.#rechecks]) one.restored(topic);
    };
    this.#delivery = new Delivery({ store, clock, random, log, nodes, tell, restored });
    this.#places = { audience: new Audience(), delivery: this.#delivery, announce: options.announce };
    this.#publisher = new Publisher(options.turn, (runs, since) => {
      this.#delivery.publish(runs);
      this.#parts.meter.delivered(clock.now() - since);
    });
    this.node = random.id();
    this.resources = new Resources(this);
    this.#parts = {
      store,
      resources: this.resources,
      common: this.common,
      limits: { ...DEFAULT_LIMITS, ...limits },
      rates: new Rates(options.rates, options.who),
      page: { ...DEFAULT_PAGE, ...page },
      clock,
      random,
      log,
      viewers: new Viewers(),
      delivery: this.#delivery,
      recognise: (admission) => this.#admissions.again(admission),
      meter: options.meter ?? silentMeter,
      heard: (session, content) => this.#listeners.hear(session, content as Json),
      commit: (writes) => this.#commit(writes),
    };
    this.ready = this.#open();
    this.#rechecks = new Rechecks({ ...this.#parts, node: this.node, sessions: this.sessions, nodes });
    this.#admissions = new Admissions(this.#parts, options, this.ready, this.#rechecks);
    this.ready.catch((error) => log('error', 'store-not-open', { error }));
  }

  resource(pattern: string, options: ResourceOptions = {}): Resource {
    return this.resources.add(pattern, options);
  }

  /** Hears of connections and messages. Returns a function that ends it. */
  on<E extends ServerEvent>(event: E, fn: ServerListeners[E]): () => void {
    return this.#listeners.on(event, fn);
  }

  /** Tells everybody, or those who follow a topic, what is no change. */
  send(type: string, content?: unknown, topic?: Topic): void {
    const note = { type, content };
    if (this.#options.announce) this.#options.announce(note, topic);
    else
      for (const peer of topic ? this.#places.audience.of(topic) : this.sessions)
        if (peer instanceof Session) peer.send(type, content);
        else peer.send('message', note);
  }

  /** Lets a handshake in, or rejects with the MedullaError that the client is to hear; with `problem` where there is one. */
  admit(handshake: unknown, request: RequestInfo, problem: MedullaError | null = null): Promise<Admission> {
    return this.#admissions.admit(handshake, request, problem);
  }

  /** Begins a connection that was let in; `welcome` is the first thing that it hears. Throws a MedullaError where its user has too many by now. */
  begin(admission: Admission, peer: CorePeer): Session {
    this.#admissions.begin(admission);
    const whole = new Placed(peer, this.#places);
    const session = new Session(this.#parts.random.id(), admission, whole, this.#parts, this.#ended);
    this.sessions.add(session);
    whole.send('welcome', welcomeOf(admission, this.node, this.#parts.limits));
    this.#listeners.tell('connect', session);
    this.#rechecks.began(admission, session);
    return session;
  }

  /** Asks again what those who are connected may do, and who they are. */
  async recheck(recheck: Recheck): Promise<void> {
    await this.ready;
    return this.#rechecks.ask(recheck);
  }

  /** Both at once, for a wire that needs no step in between. */
  async connect(
    peer: CorePeer & { readonly handshake: unknown; readonly request?: RequestInfo },
  ): Promise<Session> {
    return this.begin(await this.admit(peer.handshake, peer.request ?? { headers: {}, address: '' }), peer);
  }

  /**
   * Makes changes of the server's own, in one transaction, or none of them: then it rejects with a MedullaError.
   * Resolves with the topic's offset after them.
   */
  async publish(topic: Topic, change: Publication | readonly Publication[]): Promise<number> {
    if (this.#isClosed)
      throw new MedullaError('unreachable', 'publish comes too late: the server is closed.');
    const publishing = publishTo(this.#parts, topic, change, this.ready);
    this.#publishing.add(publishing);
    return publishing.finally(() => this.#publishing.delete(publishing));
  }

  /** What a follow would begin with, whole. Without a session for the server's own use: nobody's permission is asked. */
  async snapshot(topic: Topic, session?: SessionInfo): Promise<Snapshot> {
    await this.ready;
    return snapshotFor(this.#parts, topic, session);
  }

  /**
   * Hears of each change of the topic: of those of this process at once after their commit, and once more in their
   * order among those of all nodes. Returns what ends it; idempotent.
   */
  hear(topic: Topic, hearer: Hearer): () => void {
    return this.#hearers.add(topic, hearer, this.#delivery, this.ready);
  }

  /** What this node has delivered so far. */
  get deliveries(): Delivery['counts'] {
    return this.#delivery.counts;
  }

  /** What parts of the server that are made later are made of. */
  get tools(): Pick<SessionParts, 'clock' | 'random' | 'log'> {
    return this.#parts;
  }

  /** Lets nobody in any more, lets all go, finishes what is under way, and closes the store. Idempotent. */
  close(options: CloseOptions = {}): Promise<void> {
    this.#closing ??= this.#end(options);
    return this.#closing;
  }

  async #open(): Promise<void> {
    const { store, resources, clock, log } = this.#parts;
    try {
      await store.open();
    } catch (cause) {
      if (cause instanceof MedullaError) throw cause;
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new MedullaError('storage', `The store cannot be opened: ${why}`, { cause });
    }
    if (this.#options.nodes) await this.#delivery.join(RECHECKS);
    this.#stopTrim = keepTrim({ store, resources, clock, log }, this.#options);
  }

  async #end(options: CloseOptions): Promise<void> {
    const { log } = this.#parts;
    log('info', 'closing', { ...options, connections: this.sessions.size });
    this.#admissions.close();
    this.#stopTrim();
    await drain(this.sessions, this.#parts, options);
    this.#isClosed = true;
    await Promise.allSettled(this.#publishing);
    this.#publisher.flush();
    this.#delivery.stop();
    await this.ready.catch(() => undefined);
    this.#stopTrim();
    await this.#parts.store.close();
    log('info', 'closed');
  }

  async #commit(writes: readonly StoreWrite[]) {
    const { store, clock, meter } = this.#parts;
    const since = clock.now();
    const outcomes = await store.commit(writes, since).catch((error) => {
      this.#delivery.doubt();
      throw error;
    });
    const changes = outcomes.map((outcome) => (outcome.type === 'receipts' ? outcome.changed : null));
    const made = changes.flatMap((change, at) =>
      change ? [writes[at]?.silent ? { ...change, silent: true } : change] : [],
    );
    meter.committed(made.length, clock.now() - since);
    this.#publisher.add(made, since);
    for (const change of made) if (this.#hearers.has(change.topic)) this.#hearers.tell(runOf([change]));
    return outcomes;
  }

  /** What happened, on whichever node, for those who follow on this one. */
  #tell(run: Run): void {
    const { broadcast } = this.#options;
    this.#hearers.tell(run);
    if (run.silent || this.#parts.viewers.tell(run)) return;
    if (broadcast) broadcast(run);
    else this.#places.audience.tell(run);
  }
}
