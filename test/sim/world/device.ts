import type { Host } from '../../../src/client/host.ts';
import { createHub, type Hub } from '../../../src/hub/create-hub.ts';
import type { Boot, TabId, UserId } from '../../../src/protocol/ids.ts';
import type { Port } from '../../../src/protocol/port.ts';
import type { TabDown } from '../../../src/protocol/tab-down.ts';
import type { TabUp } from '../../../src/protocol/tab-up.ts';
import { type MemoryDisk, memoryDisk } from '../../../src/testing/disk/memory-disk.ts';
import { line } from './line.ts';
import { LockTable } from './lock-table.ts';
import { Process } from './process.ts';
import { simStorage } from './sim-storage.ts';
import type { World } from './world.ts';

/** One life of a hub: a worker that was started, and perhaps died. */
export interface HubRun {
  readonly name: string;
  readonly device: Device;
  readonly process: Process;
  /** Of its script. */
  readonly version: number;
  /** Known from its first words to the disk on. */
  boot: Boot | undefined;
  /** Tells it that somebody has done something to its disk. */
  told: () => void;
  hub: Hub | undefined;
  /** Its disk was refused to it: it keeps nothing, and its tabs' status says so. */
  isInMemory: boolean;
  /** Its disk was full: it has stopped to keep what can be fetched. */
  isFull: boolean;
}

/** One user's browser: a disk, locks, tabs, and the hub in its worker. */
export class Device {
  readonly name: string;
  readonly user: UserId;
  readonly disk: MemoryDisk;
  readonly locks: LockTable;
  readonly hubs: HubRun[] = [];
  readonly #world: World;
  readonly #tabs = new Set<Process>();
  #lines = 0;

  constructor(world: World, name: string, user: UserId) {
    this.#world = world;
    this.name = name;
    this.user = user;
    const disk = memoryDisk();
    this.disk = world.options.disk ? world.options.disk(disk) : disk;
    this.locks = new LockTable(world.clock, world.dice.fork(`${name} locks`));
  }

  /** A tab is there. When the last one is gone, the worker goes too, or lives on for a while. */
  opened(tab: Process): void {
    const { clock, fault } = this.#world;
    const dice = this.#world.dice.fork(`${tab.name} ends`);
    this.#tabs.add(tab);
    tab.atDeath(() => {
      this.#tabs.delete(tab);
      clock.after(50, () => {
        if (this.#tabs.size > 0 || !this.current || this.current.process.dead || dice.chance(0.3)) return;
        fault.call(this.#world, this.current.name, 'ends with its last tab');
        this.current.process.kill();
      });
    });
  }

  /** The hub that a new tab would join. */
  get current(): HubRun | undefined {
    return this.hubs.at(-1);
  }

  startHub(version = this.current?.version ?? 0): HubRun {
    const { clock, dice, network, observer, story, faults, fault, kinds } = this.#world;
    const name = `${this.name}.hub${this.hubs.length + 1}`;
    const process = new Process(name, clock);
    const run: HubRun = {
      name,
      device: this,
      process,
      version,
      boot: undefined,
      told: () => undefined,
      hub: undefined,
      isInMemory: false,
      isFull: false,
    };
    this.hubs.push(run);
    const own = dice.fork(name);
    story.tell(name, `starts, of version ${version}`);
    const storage = simStorage({
      hub: run,
      disk: this.disk,
      clock,
      dice: own.fork('disk'),
      observer,
      failure: () => faults.disk,
      refused: () => {
        fault.call(this.#world, name, 'is refused its disk');
        kinds.refused = (kinds.refused ?? 0) + 1;
      },
    });
    run.hub = createHub({
      user: this.user,
      device: this.name,
      storage,
      connection: network.connection(process),
      locks: this.locks.for(process),
      clock: process.clock,
      random: own.random,
      log: this.#world.log(name),
    });
    return run;
  }

  /** How a tab of this device gets its hub. */
  host(tab: Process, version: number): Host {
    const { clock } = this.#world;
    const dice = this.#world.dice.fork(`${tab.name} joins`);
    return {
      kind: 'shared',
      reason: null,
      join: (dead) =>
        tab.promise((resolve) => {
          clock.after(dice.int(1, 60), () => {
            if (tab.dead) return;
            const current = this.current;
            const before = this.current;
            // Of a page that is older than all workers the oldest serves.
            const newest = Math.max(version, current?.version ?? 0);
            const isDead = current?.process.dead || (dead !== null && current?.boot === dead);
            const run = !current || isDead || current.version < newest ? this.startHub(newest) : current;
            // A worker that lives in the process of the tab that started it dies with that.
            if (run !== before && dice.chance(0.3)) tab.atDeath(() => run.process.kill());
            resolve(this.#line(tab, run, version));
          });
        }),
      watch: (lock, fn) => this.locks.whenFree(tab, lock, fn),
    };
  }

  /** A page is told that it is stale where it is, and nowhere else. */
  #welcomed(message: TabDown, isOlder: boolean): void {
    if (message.type !== 'welcome') return;
    const { ledger, kinds } = this.#world;
    ledger.check('sound', message.stale === isOlder, () => `${this.name}: stale is ${message.stale}`);
    if (isOlder) kinds.stale = (kinds.stale ?? 0) + 1;
  }

  #line(tab: Process, run: HubRun, version: number): Port {
    const { clock, dice } = this.#world;
    let id: TabId | undefined;
    const ends = line({
      clock,
      dice: dice.fork(`${tab.name} ${run.name} ${++this.#lines}`),
      tab,
      hub: run.process,
      tap: {
        broken: this.#world.options.handed as ((message: unknown) => unknown) | undefined,
        ahead: version - run.version,
        brokenDown: (message) => this.#world.options.told?.(this.disk, message as TabDown) ?? message,
        up: (message) => {
          const up = message as TabUp;
          if (up.type === 'hello') id = up.tab;
          this.#world.up(run, up);
        },
        down: (message) => {
          this.#welcomed(message as TabDown, version < run.version);
          if (id) this.#world.down(run, id, message as TabDown);
        },
        heard: (message) => this.#world.heard(tab, message as TabDown),
      },
    });
    run.process.enter(() => run.hub?.attach(ends.hub));
    return ends.tab;
  }
}
