import type { Connection } from '../../src/hub/connection.ts';
import { createHub } from '../../src/hub/create-hub.ts';
import type { Topic, UserId } from '../../src/protocol/ids.ts';
import { tabLock } from '../../src/protocol/tab-terms.ts';
import { type Core, createCore } from '../../src/server/core.ts';
import type { CloseOptions } from '../../src/server/drain.ts';
import { memoryStore } from '../../src/server/stores/memory-store.ts';
import { CoreConnection } from '../../src/testing/core-connection.ts';
import { memoryDisk } from '../../src/testing/disk/memory-disk.ts';
import { MemoryLocks } from '../../src/testing/memory-locks.ts';
import { portPair } from '../../src/testing/port-pair.ts';
import { seededRandom } from '../../src/testing/seeded-random.ts';
import { VirtualClock } from '../../src/testing/virtual-clock.ts';
import { RawTab } from '../support/raw-tab.ts';

/** Milliseconds that a message takes. */
const DELAY = 20;
/** Each browser follows so many topics of its own. */
const TOPICS = 3;

/** Many browsers, each a real hub with a tab, and one real server that is restarted under them. Instants are the clock's. */
export class Fleet {
  readonly clock = new VirtualClock();
  readonly tabs: RawTab[] = [];
  /** When the server was asked to let somebody in, and when it was asked for a topic. */
  connects: number[] = [];
  follows: number[] = [];
  /** Attempts to connect, also while there was no server. */
  attempts = 0;
  readonly #store = memoryStore({ random: seededRandom(1) });
  readonly #seed: number;
  #server: CoreConnection;
  #core: Core | undefined;

  constructor(browsers: number, seed: number) {
    this.#seed = seed * 1_000;
    this.#server = this.#start();
    for (let n = 0; n < browsers; n++) this.tabs.push(this.#open(n));
  }

  get open(): number {
    return this.tabs.filter(({ status }) => status?.connection === 'open').length;
  }

  /** The server ends, and comes back after so long. Resolves when all are connected again; returns when it was back. */
  async restart(down: number): Promise<number> {
    this.#server.online = false;
    this.connects = [];
    this.follows = [];
    this.attempts = 0;
    await this.clock.advance(down);
    this.#server = this.#start();
    return this.clock.now();
  }

  /** The server lets all go, ends, and comes back so long after it was asked to. Returns when it was back. */
  async replace(options: CloseOptions, down: number): Promise<number> {
    const since = this.clock.now();
    const closed = this.#core?.close(options).then(() => {
      this.#server.online = false;
    });
    this.connects = [];
    this.follows = [];
    this.attempts = 0;
    await this.clock.advance(down);
    await closed;
    this.#server = this.#start();
    return since;
  }

  #start(): CoreConnection {
    const { clock } = this;
    const core = createCore({
      store: this.#store,
      clock,
      random: seededRandom(this.#seed),
      turn: queueMicrotask,
      authenticate: ({ user }) => {
        this.connects.push(clock.now());
        return user;
      },
    });
    core.resource('/:of/cards', { public: true }).use('read', (_ctx, next) => {
      this.follows.push(clock.now());
      return next();
    });
    this.#core = core;
    const connection = new CoreConnection(core, clock);
    connection.delay = DELAY;
    return connection;
  }

  #open(n: number): RawTab {
    const { clock } = this;
    const connection: Connection = {
      connect: (hello, listener) => {
        this.attempts += 1;
        return this.#server.connect(hello, listener);
      },
    };
    const locks = new MemoryLocks();
    const hub = createHub({
      user: `user${n}` as UserId,
      device: `device${n}`,
      storage: memoryDisk().storage(),
      connection,
      locks,
      clock,
      random: seededRandom(this.#seed + n + 1),
      log: () => undefined,
    });
    const [near, far] = portPair();
    hub.attach(far);
    const tab = new RawTab(`tab${n}`, near);
    void locks.hold(tabLock(tab.id));
    tab.hello();
    for (let topic = 0; topic < TOPICS; topic++) tab.follow(`/${n}-${topic}/cards` as Topic);
    return tab;
  }
}
