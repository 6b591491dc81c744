import type Backbone from 'backbone';
import { createMedulla, type Medulla } from '../../src/client/create-medulla.ts';
import type { MedullaOptions } from '../../src/client/options.ts';
import { createHub } from '../../src/hub/create-hub.ts';
import type { Storage } from '../../src/hub/storage.ts';
import type { UserId } from '../../src/protocol/ids.ts';
import type { Port } from '../../src/protocol/port.ts';
import type { Core } from '../../src/server/core.ts';
import { CoreConnection } from '../../src/testing/core-connection.ts';
import { memoryDisk } from '../../src/testing/disk/memory-disk.ts';
import { MemoryLocks } from '../../src/testing/memory-locks.ts';
import { portPair } from '../../src/testing/port-pair.ts';
import { seededRandom } from '../../src/testing/seeded-random.ts';
import { VirtualClock } from '../../src/testing/virtual-clock.ts';
import { Process } from '../sim/world/process.ts';
import { freshBackbone } from '../support/fresh-backbone.ts';

/** A page of the application as some deploy made it, with its tasks. */
export interface Page {
  readonly medulla: Medulla<typeof Backbone>;
  readonly backbone: typeof Backbone;
  readonly tasks: Backbone.Collection;
  /** What its tasks looked like, each time that one came or changed. */
  readonly seen: object[];
  /** What was thrown in application's code. */
  readonly reported: unknown[];
  readonly process: Process;
}

const never = <T>() => new Promise<T>(() => undefined);

/** One browser: a disk that outlives its hubs, and pages over a real hub and a real server. */
export class Browser {
  readonly clock = new VirtualClock();
  readonly disk = memoryDisk({ copy: structuredClone });
  readonly network: CoreConnection;
  readonly #locks = new MemoryLocks();
  readonly #ends: (() => void)[] = [];
  #hub: { readonly attach: (port: Port) => void } | undefined;
  #worker: Process | undefined;
  #made: number;
  /** Commits until the hub's process dies before one; what it was about to write is lost. */
  commits = Number.POSITIVE_INFINITY;
  crashed = 0;
  /** The page that was opened last. */
  last: Process | undefined;

  /** `made`: what it draws by chance begins there; two browsers of one server draw other ids. */
  constructor(core: Core, made = 0) {
    this.network = new CoreConnection(core);
    this.#made = made;
  }

  /** A page that follows its tasks. It starts a hub if there is none. */
  async open(options: MedullaOptions = {}): Promise<Page> {
    const process = new Process(`page${++this.#made}`, this.clock);
    this.last = process;
    const backbone = freshBackbone();
    const reported: unknown[] = [];
    const medulla = createMedulla(backbone, {
      host: {
        kind: 'shared',
        reason: null,
        join: async () => {
          const [near, far] = portPair();
          process.atDeath(() => near.close());
          this.#start().attach(far);
          return {
            post: (message) => process.enter(() => near.post(message)),
            close: () => near.close(),
            listen: (fn) => near.listen((message) => process.enter(() => fn(message))),
          };
        },
        watch: (lock, fn) => this.#locks.whenFree(lock, () => process.enter(fn)),
      },
      locks: {
        hold: async (name) => {
          const release = await this.#locks.hold(name);
          process.atDeath(release);
          return release;
        },
      },
      clock: process.clock,
      random: seededRandom(100 + this.#made),
      log: () => undefined,
      page: () => 'https://app.test/',
      report: (error) => reported.push(error),
      user: 'ann',
      ...options,
    }).install();
    const Tasks = backbone.Collection.extend({
      url: '/tasks',
      follow: true,
    }) as new () => Backbone.Collection;
    const tasks = new Tasks();
    const seen: object[] = [];
    tasks.on('add change', (model: Backbone.Model) => seen.push(model.toJSON()));
    this.#ends.push(process.kill.bind(process));
    tasks.fetch();
    await this.settle();
    return { medulla, backbone, tasks, seen, reported, process };
  }

  /** Ends everything at once, as a crash of the browser does. The disk stays. */
  kill(): void {
    for (const end of this.#ends.splice(0)) end();
    this.#hub = undefined;
  }

  /** Ends the hub's worker: the next tab that finds out starts another. */
  killHub(): void {
    this.#worker?.kill();
    this.#hub = undefined;
  }

  async settle(ms = 200): Promise<void> {
    await this.clock.advance(ms);
  }

  #start(): { readonly attach: (port: Port) => void } {
    this.#hub ??= this.#startHub();
    return this.#hub;
  }

  #startHub() {
    const process = new Process('hub', this.clock);
    this.#ends.push(() => process.kill());
    this.#worker = process;
    const hub = createHub({
      user: 'ann' as UserId,
      device: 'device',
      storage: this.#storage(process),
      connection: {
        connect: (hello, listener) => {
          const link = this.network.connect(hello, {
            opened: (welcome) => process.enter(() => listener.opened(welcome)),
            event: (name, event) => process.enter(() => listener.event(name, event)),
            closed: (end) => process.enter(() => listener.closed(end)),
          });
          process.atDeath(() => link.close());
          return {
            request: (name, request) => (process.dead ? never() : link.request(name, request)),
            close: () => link.close(),
          };
        },
      },
      locks: {
        hold: async (name) => {
          const release = await this.#locks.hold(name);
          process.atDeath(release);
          return release;
        },
        whenFree: (name, fn) => this.#locks.whenFree(name, () => process.enter(fn)),
      },
      clock: process.clock,
      random: seededRandom(++this.#made),
      log: () => undefined,
    });
    return {
      attach: (port: Port) => {
        process.atDeath(() => port.close());
        hub.attach(port);
      },
    };
  }

  #storage(process: Process): Storage {
    const inner = this.disk.storage();
    const alive = <T>(act: () => Promise<T>) => (process.dead ? never<T>() : act());
    return {
      open: (boot, protocol) => alive(() => inner.open(boot, protocol)),
      records: (topic) => alive(() => inner.records(topic)),
      queries: (topic) => alive(() => inner.queries(topic)),
      commit: (ops, durability) =>
        alive(() => {
          if (this.commits-- > 0) return inner.commit(ops, durability);
          this.crashed += 1;
          this.commits = Number.POSITIVE_INFINITY;
          this.kill();
          return never<void>();
        }),
      close: () => inner.close(),
    };
  }
}
