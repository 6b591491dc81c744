import type { Log } from '../../../src/base/log.ts';
import type { LiveChanges } from '../../../src/protocol/change.ts';
import type { TabId, UserId } from '../../../src/protocol/ids.ts';
import type { Batch, TabDown } from '../../../src/protocol/tab-down.ts';
import type { TabUp } from '../../../src/protocol/tab-up.ts';
import type { Core } from '../../../src/server/core.ts';
import type { ResourceOptions } from '../../../src/server/resource/resource.ts';
import type { Store } from '../../../src/server/store.ts';
import type { MemoryDisk } from '../../../src/testing/disk/memory-disk.ts';
import { VirtualClock } from '../../../src/testing/virtual-clock.ts';
import { type Dice, dice } from '../../support/dice.ts';
import { Ledger } from '../checks/ledger.ts';
import { Database } from './database.ts';
import type { Device, HubRun } from './device.ts';
import { narrator } from './narrator.ts';
import { Network } from './network.ts';
import { type Observer, observers } from './observer.ts';
import type { Process } from './process.ts';
import type { Rights } from './rights.ts';
import { startServer } from './server-node.ts';
import { SimBroker } from './sim-broker.ts';
import type { SimTab } from './sim-tab.ts';
import { Story } from './story.ts';

/** How badly the world behaves just now: probabilities. */
export interface Faults {
  /** A transaction of a disk fails. */
  disk: number;
  /** The server's application throws what is no Refusal. */
  application: number;
  /** The server lets nobody in. */
  unauthorized: boolean;
  /** For how long the server takes a token of somebody who comes now, in milliseconds. */
  tokenLife: number;
}

/** For worlds with a part that is broken on purpose, and for those who want to read along. */
export interface WorldOptions {
  readonly echo?: (line: string) => void;
  readonly disk?: (disk: MemoryDisk) => MemoryDisk;
  readonly store?: (store: Store) => Store;
  /** How the application serves the shares, and what it does when somebody's sight of them is to be asked again. */
  readonly shares?: Partial<ResourceOptions>;
  readonly recheck?: Core['recheck'];
  /** What a hub is told of a change. */
  readonly changes?: (changes: LiveChanges) => LiveChanges;
  /** What arrives at the server of a request, at a hub of a tab's message. */
  readonly request?: (name: string, request: unknown) => unknown;
  readonly handed?: (message: TabUp) => TabUp;
  /** What a hub over this disk tells a tab. */
  readonly told?: (disk: MemoryDisk, message: TabDown) => TabDown;
  /** What a tab does by itself with what it is shown. */
  readonly shown?: (tab: SimTab, batch: Batch) => void;
}

/** Everything that the parts of one run share. */
export class World {
  readonly clock = new VirtualClock();
  readonly dice: Dice;
  readonly story: Story;
  readonly ledger: Ledger;
  readonly network: Network;
  readonly devices: Device[] = [];
  readonly tabs: SimTab[] = [];
  /** How often the application has thrown over a hard write, by what it was. */
  readonly tries = new Map<string, number>();
  readonly faults: Faults = {
    disk: 0,
    application: 0,
    unauthorized: false,
    tokenLife: Number.POSITIVE_INFINITY,
  };
  readonly options: WorldOptions;
  readonly observer: Required<Observer>;
  readonly broker: SimBroker;
  /** How many nodes are to run. */
  nodes = 1;
  /** Whether there are shares, of which not everybody sees all. */
  hasShares = false;
  /** Of the pages that are opened now. */
  version = 0;
  /** The server's database, which outlives its lives. */
  store: Store;
  #database: Database | undefined;
  #servers = 0;
  /** What the run did, for the line of totals. */
  readonly counts = { writes: 0, reads: 0, faults: 0 };
  /** How often each kind of mischief was done. */
  readonly kinds: Record<string, number> = {};

  constructor(seed: number, watch: (ledger: Ledger) => readonly Observer[], options: WorldOptions = {}) {
    this.dice = dice(seed);
    this.options = options;
    this.story = new Story(this.clock, options.echo);
    this.ledger = new Ledger((text) => this.story.tell('FAILED', text));
    this.observer = observers([narrator(this.story), ...watch(this.ledger)]);
    const { clock, story, ledger, observer } = this;
    this.store = this.#anew(0);
    this.broker = new SimBroker(this.dice.fork('broker'));
    this.network = new Network({
      clock,
      story,
      dice: this.dice.fork('network'),
      options,
      tap: {
        request: (hub, name, request) => this.#withRun(hub, (run) => observer.requested(run, name, request)),
        answer: (hub, name, request, answer) =>
          this.#withRun(hub, (run) => observer.answered(run, name, request, answer)),
        heard: (hub, name, message) => this.#withRun(hub, (run) => observer.heard(run, name, message)),
        refused: (hub, name, code, message) => story.tell(hub.name, `is refused ${name}: ${code} ${message}`),
        malformed: (what, problem, value) =>
          ledger.check('sound', false, () => `${what}: ${problem}: ${JSON.stringify(value)}`),
      },
    });
  }

  #anew(n: number): Store {
    this.#database = new Database(this.dice.fork(`database ${n}`));
    const { store } = this.#database;
    void store.open().then(({ epoch }) => {
      this.ledger.anew(epoch);
      this.observer.emptied();
    });
    return this.options.store?.(store) ?? store;
  }

  /** Takes a backup; what is returned brings it back, while the server is down, unless there is another database by then. */
  backup(): () => void {
    const database = this.#database;
    const store = database?.store;
    const backup = database?.backup ?? 0;
    const restored = this.ledger.backup();
    return () => {
      if (!database || database !== this.#database || database.store !== store || this.isServed) return;
      database.restore(backup);
      this.store = this.options.store?.(database.store) ?? database.store;
      restored();
      this.observer.emptied();
    };
  }

  /** Only while the server is down: it comes back with an empty database. */
  loseDatabase(): void {
    if (!this.isServed) this.store = this.#anew(this.#servers);
  }

  get users(): ReadonlySet<UserId> {
    return new Set(this.devices.map(({ user }) => user));
  }

  get rights(): Rights {
    return this.ledger.rights;
  }

  /** As many as are to run. */
  startServers(): void {
    const { network } = this;
    network.servers = network.servers.filter(({ process }) => !process.dead);
    while (network.servers.length < this.nodes) network.servers.push(startServer(this, ++this.#servers));
  }

  /** Whether a node has the database open. */
  get isServed(): boolean {
    return this.network.servers.some(({ process }) => !process.dead);
  }

  /** The server's log is cut down to so many changes a topic. */
  trim(changes: number): void {
    const none = { changes, before: Number.NEGATIVE_INFINITY };
    void this.store.trim({ log: () => none, receiptsBefore: Number.NEGATIVE_INFINITY });
  }

  fault(who: string, what: string): void {
    this.counts.faults += 1;
    this.story.tell(who, `! ${what}`);
  }

  log(who: string): Log {
    return (level, event, details) => {
      if (level === 'debug') return;
      this.story.tell(who, `logs ${level} ${event} ${JSON.stringify(details ?? {}, plain)}`);
    };
  }

  /** A message of a tab arrives at a hub. */
  up(run: HubRun, message: TabUp): void {
    if (message.type === 'writes')
      for (const { mutation } of message.writes) {
        this.ledger.fact(mutation, run);
        this.ledger.handed.add(mutation.id);
        this.observer.handed(run, mutation);
      }
    if (message.type === 'decide') this.observer.decided(run, message.id, message.decision);
    if (message.type === 'abort') this.observer.decided(run, message.id, 'abort');
    if (message.type === 'writes' || message.type === 'decide' || message.type === 'abort')
      this.story.tell(run.name, `hears ${JSON.stringify(message)}`);
  }

  /** A message of a hub arrives at a tab. */
  heard(process: Process, message: TabDown): void {
    const tab = message.type === 'batch' && this.tabs.find((tab) => tab.process === process);
    if (!tab || message.type !== 'batch') return;
    this.observer.showing(tab);
    tab.typing.heard(message, (model) => tab.medulla.stateOf(model).changed);
    this.options.shown?.(tab, message);
  }

  /** A hub posts a message to a tab. */
  down(run: HubRun, tab: TabId, message: TabDown): void {
    if (message.type !== 'batch') return;
    for (const settlement of message.settlements) {
      const word = settlement.type === 'settled' ? JSON.stringify(settlement.receipt) : settlement.type;
      this.story.tell(run.name, `tells ${tab}:${settlement.n} ${word}`);
    }
    const shown = [
      ...message.values.map(
        ({ record, version, attrs, state }) => `${record}@${version} ${state} ${JSON.stringify(attrs)}`,
      ),
      ...message.answers.map((answer) => JSON.stringify(answer)),
    ];
    if (shown.length > 0) this.story.tell(run.name, `shows ${tab} up to ${message.n}: ${shown.join('; ')}`);
    this.observer.told(run, tab, message);
  }

  #withRun(process: Process, fn: (run: HubRun) => void): void {
    for (const device of this.devices) for (const run of device.hubs) if (run.process === process) fn(run);
  }
}

const plain = (_key: string, value: unknown) => (value instanceof Error ? value.message : value);
