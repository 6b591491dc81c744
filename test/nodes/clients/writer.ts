import { systemClock } from '../../../src/base/clock.ts';
import { systemRandom } from '../../../src/base/random.ts';
import { socketConnection } from '../../../src/hub/adapters/socket-connection.ts';
import { createHub, type Hub } from '../../../src/hub/create-hub.ts';
import type { Topic, UserId } from '../../../src/protocol/ids.ts';
import { tabLock } from '../../../src/protocol/tab-terms.ts';
import { memoryDisk } from '../../../src/testing/disk/memory-disk.ts';
import { MemoryLocks } from '../../../src/testing/memory-locks.ts';
import { portPair } from '../../../src/testing/port-pair.ts';
import { RawTab } from '../../support/raw-tab.ts';

/** A browser's hub in Node, real but for its disk, and a tab that writes through it. */
export class Writer {
  readonly name: string;
  readonly topic: Topic;
  /** What it wrote, by record: what has to be there in the end. */
  readonly wrote = new Map<string, number>();
  readonly tab: RawTab;
  readonly #hub: Hub;
  /** The record of each write. */
  readonly #records: string[] = [];
  readonly #free: string[] = [];
  #seen = 0;

  private constructor(name: string, topic: Topic, hub: Hub, tab: RawTab) {
    this.name = name;
    this.topic = topic;
    this.#hub = hub;
    this.tab = tab;
  }

  static async open(name: string, topic: Topic, server: string): Promise<Writer> {
    const log = () => undefined;
    const locks = new MemoryLocks();
    const hub = createHub({
      user: name as UserId,
      device: name,
      storage: memoryDisk().storage(),
      connection: socketConnection({ server, path: '/socket.io', log }),
      locks,
      clock: systemClock,
      random: systemRandom,
      log,
      // A write that a dying node leaves behind is tried soon, and for as long as it takes.
      options: { deadline: 5_000, backoff: { base: 100, cap: 1_000 }, attempts: 1_000 },
    });
    const [near, far] = portPair();
    const tab = new RawTab(name, near);
    await locks.hold(tabLock(tab.id));
    hub.attach(far);
    tab.hello();
    return new Writer(name, topic, hub, tab);
  }

  /**
   * Makes a record, or changes one of its own that nothing waits for: what waits would be folded with it, and each
   * write is to make exactly one change.
   */
  write(isNew: boolean): void {
    const { topic, tab } = this;
    this.#look();
    const n = tab.n + 1;
    const free = isNew ? undefined : this.#free.shift();
    const record = free ?? `${this.name}-${n}`;
    this.wrote.set(record, n);
    this.#records.push(record);
    const common = { topic, record, set: { n }, user: this.name as UserId };
    tab.write({ ...common, method: free === undefined ? 'create' : 'patch' });
  }

  /** What was settled since it looked last is free to be changed. */
  #look(): void {
    const { settlements } = this.tab;
    for (; this.#seen < settlements.length; this.#seen++) {
      const settlement = settlements[this.#seen];
      if (settlement?.type === 'settled') this.#free.push(this.#records[settlement.n - 1] ?? '');
    }
  }

  /** Writes that have their receipt. */
  get settled(): number {
    return this.tab.settlements.filter(({ type }) => type === 'settled').length;
  }

  /** What went otherwise than it should. */
  get failed(): string[] {
    return this.tab.settlements
      .filter((one) => one.type === 'failed' || (one.type === 'settled' && !('offset' in one.receipt)))
      .map((one) => JSON.stringify(one));
  }

  close(): Promise<void> {
    return this.#hub.close();
  }
}
