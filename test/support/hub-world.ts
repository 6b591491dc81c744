import { createHub, type Hub } from '../../src/hub/create-hub.ts';
import type { HubOptions, HubParts } from '../../src/hub/parts.ts';
import type { Storage } from '../../src/hub/storage.ts';
import type { MutationId } from '../../src/protocol/ids.ts';
import { tabLock } from '../../src/protocol/tab-terms.ts';
import { type MemoryDisk, memoryDisk } from '../../src/testing/disk/memory-disk.ts';
import { MemoryLocks } from '../../src/testing/memory-locks.ts';
import { portPair } from '../../src/testing/port-pair.ts';
import { seededRandom } from '../../src/testing/seeded-random.ts';
import { VirtualClock } from '../../src/testing/virtual-clock.ts';
import { USER } from './mutations.ts';
import { RawTab } from './raw-tab.ts';
import { ScriptedServer } from './scripted-server.ts';

export interface HubWorldOptions {
  readonly disk?: MemoryDisk;
  readonly server?: ScriptedServer;
  readonly storage?: Storage;
  readonly options?: Partial<HubOptions>;
}

/** A browser with one hub at a time, tabs, a disk that outlives hubs, and a server. */
export class HubWorld {
  readonly clock = new VirtualClock();
  readonly locks = new MemoryLocks();
  readonly random = seededRandom(7);
  readonly disk: MemoryDisk;
  readonly server: ScriptedServer;
  readonly logged: string[] = [];
  hub: Hub;
  readonly #options: HubWorldOptions;

  constructor(options: HubWorldOptions = {}) {
    this.#options = options;
    this.disk = options.disk ?? memoryDisk();
    this.server = options.server ?? new ScriptedServer();
    this.hub = this.start();
  }

  /** Another hub over the same disk; the one before is not asked. */
  start(parts: Partial<HubParts> = {}): Hub {
    this.hub = createHub({
      user: USER,
      device: 'device1',
      storage: this.#options.storage ?? this.disk.storage(),
      connection: this.server,
      locks: this.locks,
      clock: this.clock,
      random: this.random,
      log: (_level, event) => this.logged.push(event),
      options: {
        patience: 3_000,
        deadline: 20_000,
        backoff: { base: 500, cap: 30_000 },
        ...this.#options.options,
      },
      ...parts,
    });
    return this.hub;
  }

  /** A tab that has said hello. */
  async tab(id: string, hub = this.hub): Promise<RawTab> {
    const [near, far] = portPair();
    const tab = new RawTab(id, near);
    if (!this.locks.isHeld(tabLock(tab.id))) await this.locks.hold(tabLock(tab.id));
    hub.attach(far);
    tab.hello();
    await this.settle();
    return tab;
  }

  /** Lets everything happen that needs no time but that of the hub's own small delays. */
  async settle(ms = 150): Promise<void> {
    await this.clock.advance(0);
    await this.clock.advance(ms);
  }

  async offline(): Promise<void> {
    this.server.up = false;
    this.server.drop();
    await this.settle();
  }

  async online(): Promise<void> {
    this.server.up = true;
    await this.clock.advance(31_000);
  }

  /** The ids on the disk, in order. */
  get onDisk(): MutationId[] {
    return [...this.disk.rows.outbox.values()]
      .sort((a, b) => a.order - b.order)
      .map(({ mutation }) => mutation.id);
  }
}
