import type { Clock } from '../base/clock.ts';
import type { Log } from '../base/log.ts';
import type { Random } from '../base/random.ts';
import type { Host } from '../client/host.ts';
import type { Remembered } from '../client/users/remembered.ts';
import type { Connection } from '../hub/connection.ts';
import { createHub, type Hub } from '../hub/create-hub.ts';
import { ANONYMOUS, type UserId } from '../protocol/ids.ts';
import { type MemoryDisk, memoryDisk } from './disk/memory-disk.ts';
import { MemoryLocks } from './memory-locks.ts';
import { portPair } from './port-pair.ts';

export interface TestBrowserParts {
  readonly connection: Connection & { readonly up: boolean };
  readonly clock: Clock;
  readonly random: () => Random;
  readonly log: Log;
}

/** What the tabs of one browser share: a hub and a database for each user, the locks, and who was here last. */
export class TestBrowser {
  readonly locks = new MemoryLocks();
  readonly remembered: Remembered;
  readonly #parts: TestBrowserParts;
  readonly #disks = new Map<UserId, MemoryDisk>();
  readonly #hubs = new Map<UserId, Hub>();

  constructor(parts: TestBrowserParts) {
    this.#parts = parts;
    let last: string | null = null;
    this.remembered = {
      get online() {
        return parts.connection.up;
      },
      get: () => last,
      set: (user) => {
        last = user;
      },
    };
  }

  /** Where a tab gets the hub of this user from. */
  readonly host = (user: UserId): Host => ({
    kind: 'shared',
    reason: null,
    watch: (lock, fn) => this.locks.whenFree(lock, fn),
    join: async (dead) => {
      const running = this.#hubs.get(user);
      const hub = running && running.boot !== dead ? running : this.#start(user);
      const [near, far] = portPair();
      hub.attach(far);
      return near;
    },
  });

  /** The last tab is gone, and the workers with it. The disks stay. */
  async end(): Promise<void> {
    const hubs = [...this.#hubs.values()];
    this.#hubs.clear();
    await Promise.all(hubs.map((hub) => hub.close()));
  }

  #start(user: UserId): Hub {
    const { connection, clock, random, log } = this.#parts;
    const own = random();
    const hub = createHub({
      user,
      device: own.id(),
      storage: this.#disk(user).storage(),
      anonymous: user === ANONYMOUS ? undefined : () => this.#disk(ANONYMOUS).storage(),
      connection,
      locks: this.locks,
      clock,
      random: own,
      log,
    });
    this.#hubs.set(user, hub);
    return hub;
  }

  #disk(user: UserId): MemoryDisk {
    // Not the function itself: a browser calls it on its window only.
    const disk = this.#disks.get(user) ?? memoryDisk({ copy: (value) => structuredClone(value) });
    this.#disks.set(user, disk);
    return disk;
  }
}
