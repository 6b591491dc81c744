import type { Cancel, Clock } from '../base/clock.ts';
import type { Log } from '../base/log.ts';
import type { Eviction } from './disk/eviction.ts';
import { Group } from './disk/group.ts';
import { type Op, type Opened, type Storage, StorageError, type StorageFault } from './storage.ts';

/** Milliseconds after which a transaction that failed is tried again. */
const AGAIN = 1_000;

/**
 * Milliseconds that steps may wait for company. `receipt`: a write over an open connection, whose receipt is likely to
 * come before: then the write need not touch the disk at all. `replica`: what the server could tell again. `bulk`: so much
 * of that that it would keep the machine busy while the page is busy showing it.
 */
export const LINGER = { none: 0, receipt: 5, replica: 100, bulk: 1_000 } as const;

/** The steps of the replica that are `bulk`. */
const BULK = 200;

/** How long steps may wait of which the server could tell all again. */
export const replicaLinger = ({ length }: readonly Op[]): number =>
  length < BULK ? LINGER.replica : LINGER.bulk;

/** What the hub does when the disk says no. */
export interface JournalListener {
  /** Another hub has taken over: nothing more may be done. */
  deposed(): void;
  /** Whether the last transaction reached the disk; `reason` says why it did not. */
  durable(durable: boolean, reason: StorageFault | null): void;
  /** The steps that write all anew that the memory has: what cannot be had again from the server, and the replica. */
  everything(): { readonly own: readonly Op[]; readonly replica: readonly Op[] };
}

export interface JournalOptions {
  readonly log: Log;
  readonly clock: Clock;
  readonly opened: Pick<Opened, 'outbox'>;
  readonly eviction: Eviction;
  /** Why there is no disk: what is written is in memory, and nowhere else. */
  readonly missing?: StorageFault | null;
}

/**
 * The way to the disk. The hub's memory goes ahead; the steps that it took follow here in their order, in groups: what
 * arrives while a transaction runs goes into the next. A group is atomic and groups run one after another, so that the
 * disk always holds a prefix of what the hub did. Within a group the last step on a row stands for all of them, and a
 * mutation that came and went leaves nothing to do.
 *
 *   write(ops) ──▶ next group ──linger──▶ one transaction ──▶ the promises of all its writes
 *                                          │ full: topics go, and it is tried again
 *                                          │ emptied: everything is written anew
 *                                          └ else: tried again, with what came since
 */
export class Journal {
  #storage: Storage;
  readonly #listener: JournalListener;
  readonly #log: Log;
  readonly #clock: Clock;
  readonly #eviction: Eviction;
  /** The mutations that the disk has, or is being given: their orders. */
  readonly #kept: Set<number>;
  #isMissing: boolean;
  #fault: StorageFault | null;
  #group: Group;
  /** How long the present group may wait: as long as the most urgent of its writes. */
  #linger = Number.POSITIVE_INFINITY;
  /** When what does not wait for a receipt may wait no more. */
  #late = Number.POSITIVE_INFINITY;
  /** The last mutation of all, and that when the group began to wait: their orders. */
  #newest = 0;
  #waits = 0;
  #timer: Cancel = () => undefined;
  #running = false;
  #isDoubtful = false;
  #ended = false;
  /** Whether the last steps have come. */
  #full = false;

  constructor(
    storage: Storage,
    listener: JournalListener,
    { log, clock, opened, eviction, missing = null }: JournalOptions,
  ) {
    this.#storage = storage;
    this.#listener = listener;
    this.#log = log;
    this.#clock = clock;
    this.#eviction = eviction;
    this.#isMissing = missing !== null;
    this.#fault = missing;
    this.#kept = new Set(opened.outbox.map(({ order }) => order));
    this.#group = new Group(this.#kept);
  }

  /** Why the disk does not have what was written last; null = it has it, or is about to. */
  get fault(): StorageFault | null {
    return this.#fault;
  }

  /**
   * Takes steps that may wait `linger` milliseconds for company; those before them go no later. Resolves when these steps, and all before them, are on the disk: true; or when they never will be: false. What the
   * disk refuses stays here and is tried again, with the next write or after a while.
   */
  write(ops: readonly Op[], linger: number = LINGER.none): Promise<boolean> {
    if (this.#ended || this.#full || this.#isMissing) return Promise.resolve(false);
    for (const op of ops) {
      if (this.#eviction.admits(op)) this.#group.add(op);
      if (op.type === 'putMutation') this.#newest = Math.max(this.#newest, op.row.order);
    }
    const { done } = this.#group;
    if (linger > LINGER.receipt) this.#late = Math.min(this.#late, this.#clock.now() + linger);
    if (linger < this.#linger) {
      this.#linger = linger;
      this.#arrange();
    }
    return done;
  }

  /** The last steps of all: none are taken after them. */
  last(ops: readonly Op[]): Promise<boolean> {
    const done = this.#isMissing ? Promise.resolve(true) : this.write(ops);
    this.#full = true;
    return done;
  }

  /** Somebody has done something to the database: what that was is found out now, and not with the next write. */
  doubt(): void {
    if (this.#isMissing) return;
    this.#isDoubtful = true;
    this.#linger = LINGER.none;
    this.#arrange();
  }

  /** There is a disk after all, with this on it. */
  found(storage: Storage, { outbox, topics }: Opened): void {
    this.#storage = storage;
    for (const { order } of outbox) this.#kept.add(order);
    this.#eviction.found(topics);
    this.#isMissing = false;
  }

  /** Writes nothing any more; what waits is answered with false. */
  end(): void {
    this.#ended = true;
    this.#timer();
    this.#group.resolve(false);
    this.#storage.close();
  }

  #arrange(): void {
    if (this.#running || this.#ended || this.#linger === Number.POSITIVE_INFINITY) return;
    this.#timer();
    this.#waits = this.#newest;
    if (this.#linger > 0) this.#timer = this.#clock.after(this.#linger, () => this.#due());
    else queueMicrotask(() => this.#run());
  }

  /** What has waited for its receipt may have it: then what came since waits for its own, and the rest, if any, for as long as it may. */
  #due(): void {
    const { first } = this.#group;
    const left = this.#late - this.#clock.now();
    const isEarly = this.#linger === LINGER.receipt && first > this.#waits && left > 0;
    // Both Infinity: nothing is left to wait for.
    if (!isEarly || first === left) return void this.#run();
    if (first === Number.POSITIVE_INFINITY) this.#linger = left;
    this.#arrange();
  }

  async #run(): Promise<void> {
    if (this.#running || this.#ended) return;
    this.#running = true;
    const group = this.#group;
    this.#group = new Group(this.#kept);
    this.#linger = this.#late = Number.POSITIVE_INFINITY;
    const fault = group.size > 0 || this.#isDoubtful ? await this.#commit(group) : null;
    this.#running = false;
    this.#fault = fault?.fault ?? null;
    if (this.#ended) group.resolve(false);
    else if (!fault) {
      this.#isDoubtful = false;
      this.#eviction.roomy();
      this.#listener.durable(true, null);
      group.resolve(true);
      // Who opens a newer schema's database has taken it over.
    } else if (fault.fault === 'deposed' || fault.fault === 'newer') {
      group.resolve(false);
      this.end();
      this.#listener.deposed();
    } else {
      this.#log('error', 'storage-fault', { fault: fault.fault, message: fault.message });
      this.#listener.durable(false, fault.fault);
      this.#group.putBefore(group);
      this.#linger = Math.min(this.#linger, AGAIN);
    }
    this.#arrange();
  }

  /** What keeps it from the disk, when all has been done about it that can be. */
  async #commit(group: Group): Promise<StorageError | null> {
    const durability = group.strict ? 'strict' : 'relaxed';
    let fault = await this.#transaction(group.take(), durability);
    while (fault?.fault === 'full') {
      const evicted = this.#eviction.next();
      if (!evicted) break;
      this.#log('warn', 'replica-evicted', { steps: evicted.ops });
      for (const one of [group, this.#group]) one.forget(evicted.isMeant);
      fault =
        (await this.#transaction(evicted.ops, 'relaxed')) ??
        (await this.#transaction(group.take(), durability));
    }
    if (fault?.fault !== 'emptied') return fault;
    // What it was about to do is done again: the memory does not say what was erased.
    return (await this.#refill()) ?? this.#transaction(group.take(), durability);
  }

  /** The memory has all that the disk had, and what was on its way there: the outbox goes first. */
  async #refill(): Promise<StorageError | null> {
    const { own, replica } = this.#listener.everything();
    const fault = await this.#transaction([{ type: 'erase', outbox: true }, ...own], 'strict');
    if (fault) return fault;
    this.#log('warn', 'database-refilled', { steps: own.length });
    this.#kept.clear();
    for (const op of own) if (op.type === 'putMutation') this.#kept.add(op.row.order);
    this.write(replica, LINGER.replica);
    return null;
  }

  async #transaction(ops: readonly Op[], durability: 'strict' | 'relaxed'): Promise<StorageError | null> {
    try {
      await this.#storage.commit(ops, durability);
      return null;
    } catch (error) {
      return error instanceof StorageError ? error : new StorageError('failed', String(error), error);
    }
  }
}
