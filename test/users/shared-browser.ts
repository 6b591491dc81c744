import type Backbone from 'backbone';
import { createMedulla, type Medulla } from '../../src/client/create-medulla.ts';
import type { Host } from '../../src/client/host.ts';
import type { Lifecycle, MedullaOptions } from '../../src/client/options.ts';
import { createHub, type Hub } from '../../src/hub/create-hub.ts';
import { type Storage, StorageError } from '../../src/hub/storage.ts';
import { ANONYMOUS, type UserId } from '../../src/protocol/ids.ts';
import type { Core } from '../../src/server/core.ts';
import { CoreConnection } from '../../src/testing/core-connection.ts';
import { type MemoryDisk, memoryDisk } from '../../src/testing/disk/memory-disk.ts';
import { MemoryLocks } from '../../src/testing/memory-locks.ts';
import { portPair } from '../../src/testing/port-pair.ts';
import { seededRandom } from '../../src/testing/seeded-random.ts';
import { VirtualClock } from '../../src/testing/virtual-clock.ts';
import { Process } from '../sim/world/process.ts';
import { freshBackbone } from '../support/fresh-backbone.ts';
import { tapped } from './tapped.ts';

export interface Page {
  readonly medulla: Medulla<typeof Backbone>;
  readonly backbone: typeof Backbone;
  readonly tasks: Backbone.Collection;
  readonly reported: unknown[];
  readonly process: Process;
  readonly lifecycle: Parameters<Lifecycle['listen']>[0];
  /** What its Medulla has told: 'signin ann'. */
  readonly told: string[];
}

interface Running {
  readonly hub: Hub;
  readonly process: Process;
}

/** One browser that several people use: a database, a hub and a wire for each, over one real server. */
export class SharedBrowser {
  readonly clock = new VirtualClock();
  readonly network: CoreConnection;
  /** By user, all that has crossed the wire of their hubs, in both directions. */
  readonly wires = new Map<string, unknown[]>();
  /** Everything that anybody has logged. */
  readonly logged: unknown[] = [];
  readonly memory = { last: null as string | null, online: true };
  /** Called before each commit of that user's hub; where it says so, the hub dies first. */
  dies: (user: string, when: 'before' | 'after') => boolean = () => false;
  /** No database opens. */
  broken = false;
  readonly #disks = new Map<string, MemoryDisk>();
  readonly #locks = new MemoryLocks();
  readonly #hubs = new Map<string, Running>();
  #made = 0;

  constructor(core: Core) {
    this.network = new CoreConnection(core);
  }

  disk(user: string): MemoryDisk {
    const disk = this.#disks.get(user) ?? memoryDisk({ copy: structuredClone });
    this.#disks.set(user, disk);
    return disk;
  }

  /** All that the user's database holds, as text. */
  held(user: string): string {
    return JSON.stringify(this.disk(user).rows, (_key, value) => (value instanceof Map ? [...value] : value));
  }

  /** All that has crossed the user's wire, as text. */
  said(user: string): string {
    return JSON.stringify(this.wires.get(user) ?? []);
  }

  /** A page that follows its tasks. */
  async open(options: MedullaOptions = {}): Promise<Page> {
    const process = new Process(`page${++this.#made}`, this.clock);
    const backbone = freshBackbone();
    const [reported, told]: [unknown[], string[]] = [[], []];
    let lifecycle: Page['lifecycle'] | undefined;
    const { memory } = this;
    const medulla = createMedulla(backbone, {
      host: (user) => this.#host(user, process),
      remembered: {
        get online() {
          return memory.online;
        },
        get: () => memory.last,
        set: (user) => {
          memory.last = user;
        },
      },
      locks: { hold: this.#hold(process) },
      clock: process.clock,
      random: seededRandom(100 + this.#made),
      log: (...entry) => void this.logged.push(entry),
      page: () => 'https://app.test/',
      report: (error) => reported.push(error),
      lifecycle: {
        listen(handlers) {
          lifecycle = handlers;
        },
      },
      ...options,
    }).install();
    for (const event of ['signin', 'signout'])
      medulla.on(event, (user: string) => told.push(`${event} ${user}`));
    const Tasks = backbone.Collection.extend({
      url: '/tasks',
      follow: true,
    }) as new () => Backbone.Collection;
    const tasks = new Tasks();
    tasks.fetch();
    await this.settle();
    return { medulla, backbone, tasks, reported, process, told, lifecycle: lifecycle as Page['lifecycle'] };
  }

  async settle(ms = 300): Promise<void> {
    await this.clock.advance(ms);
  }

  /** Ends the user's hub at once. */
  killHub(user: string): void {
    this.#hubs.get(user)?.process.kill();
  }

  #hold(process: Process) {
    return async (name: string) => {
      const release = await this.#locks.hold(name);
      process.atDeath(release);
      return release;
    };
  }

  #host(user: UserId, page: Process): Host {
    return {
      kind: 'shared',
      reason: null,
      join: async (dead) => {
        const known = this.#hubs.get(user);
        const running = known && !known.process.dead && known.hub.boot !== dead ? known : this.#start(user);
        const [near, far] = portPair();
        page.atDeath(() => near.close());
        running.process.atDeath(() => far.close());
        running.hub.attach(far);
        return { ...end(near), listen: (fn) => near.listen((message) => page.enter(() => fn(message))) };
      },
      watch: (lock, fn) => this.#locks.whenFree(lock, () => page.enter(fn)),
    };
  }

  #start(user: UserId): Running {
    const process = new Process(`hub of ${user}`, this.clock);
    const wire = this.wires.get(user) ?? [];
    this.wires.set(user, wire);
    const hub = createHub({
      user,
      device: `device${++this.#made}`,
      storage: this.#storage(user, user, process),
      anonymous: user === ANONYMOUS ? undefined : () => this.#storage(ANONYMOUS, user, process),
      connection: tapped(this.network, wire, process),
      locks: {
        hold: this.#hold(process),
        whenFree: (name, fn) => this.#locks.whenFree(name, () => process.enter(fn)),
      },
      clock: process.clock,
      random: seededRandom(this.#made),
      log: (...entry) => void this.logged.push(entry),
    });
    this.#hubs.set(user, { hub, process });
    return { hub, process };
  }

  /** `by`: whose hub it is that uses it. */
  #storage(of: string, by: string, process: Process): Storage {
    const inner = this.disk(of).storage();
    const never = new Promise<never>(() => undefined);
    const isBroken = () => this.broken;
    const die = (when: 'before' | 'after') => {
      if (!process.dead && this.dies(by, when)) process.kill();
      return process.dead;
    };
    return {
      async open(boot, protocol) {
        if (process.dead) return never;
        if (isBroken()) throw new StorageError('refused', 'There is no disk');
        return inner.open(boot, protocol);
      },
      records: (topic) => (process.dead ? never : inner.records(topic)),
      queries: (topic) => (process.dead ? never : inner.queries(topic)),
      async commit(ops, durability) {
        if (die('before')) return never;
        await inner.commit(ops, durability);
        return die('after') ? never : undefined;
      },
      close: () => inner.close(),
    };
  }
}

const end = (port: ReturnType<typeof portPair>[0]) => ({
  post: (message: unknown) => port.post(message),
  close: () => port.close(),
});
