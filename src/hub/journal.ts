import type { Cancel, Clock } from '../base/clock.ts';
import type { Log } from '../base/log.ts';
import { type Op, type Storage, StorageError } from './storage.ts';

/** Milliseconds after which a transaction that failed is tried again. */
const AGAIN = 1_000;

/**
 * Milliseconds that steps may wait for company. `receipt`: a write over an open connection, whose receipt is likely to
 * come before: then the write need not touch the disk at all. `replica`: what the server could tell again. `snapshot`: so
 * much of that that it would keep the machine busy while the page is busy showing it.
 */
export const LINGER = { none: 0, receipt: 5, replica: 100, snapshot: 1_000 } as const;

/** What the hub does when the disk says no. */
export interface JournalListener {
  /** Another hub has taken over: nothing more may be done. */
  deposed(): void;
  /** Whether the last transaction reached the disk; `reason` says why it did not. */
  durable(durable: boolean, reason: string | null): void;
}

/**
 * The way to the disk. The hub's memory goes ahead; the steps that it took follow here in their order, in groups: what
 * arrives while a transaction runs goes into the next. A group is atomic and groups run one after another, so that the
 * disk always holds a prefix of what the hub did. Within a group the last step on a row stands for all of them, and a
 * mutation that came and went leaves nothing to do.
 *
 *   write(ops) ──▶ next group ──linger──▶ one transaction ──▶ the promises of all its writes
 */
export class Journal {
  readonly #storage: Storage;
  readonly #listener: JournalListener;
  readonly #log: Log;
  readonly #clock: Clock;
  /** The mutations that the disk has, or is being given: their orders. */
  readonly #kept: Set<number>;
  #group: Group;
  /** How long the present group may wait: as long as the most urgent of its writes. */
  #linger = Number.POSITIVE_INFINITY;
  #timer: Cancel = () => undefined;
  #running = false;
  #ended = false;
  /** Whether the last steps have come. */
  #full = false;

  constructor(
    storage: Storage,
    listener: JournalListener,
    { log, clock, kept }: { log: Log; clock: Clock; kept: Iterable<number> },
  ) {
    this.#storage = storage;
    this.#listener = listener;
    this.#log = log;
    this.#clock = clock;
    this.#kept = new Set(kept);
    this.#group = new Group(this.#kept);
  }

  /**
   * Takes steps that may wait `linger` milliseconds for company; those before them go no later. Resolves when these steps, and all before them, are on the disk: true; or when they never will be: false. What the
   * disk refuses stays here and is tried again, with the next write or after a while.
   */
  write(ops: readonly Op[], linger: number = LINGER.none): Promise<boolean> {
    if (this.#ended || this.#full) return Promise.resolve(false);
    for (const op of ops) this.#group.add(op);
    const { done } = this.#group;
    if (linger < this.#linger) {
      this.#linger = linger;
      this.#arrange();
    }
    return done;
  }

  /** The last steps of all: none are taken after them. */
  last(ops: readonly Op[]): Promise<boolean> {
    const done = this.write(ops);
    this.#full = true;
    return done;
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
    if (this.#linger > 0) this.#timer = this.#clock.after(this.#linger, () => this.#run());
    else queueMicrotask(() => this.#run());
  }

  async #run(): Promise<void> {
    if (this.#running || this.#ended) return;
    this.#running = true;
    const group = this.#group;
    this.#group = new Group(this.#kept);
    this.#linger = Number.POSITIVE_INFINITY;
    const fault = group.size > 0 ? await this.#commit(group) : null;
    this.#running = false;
    if (this.#ended) group.resolve(false);
    else if (!fault) {
      this.#listener.durable(true, null);
      group.resolve(true);
    } else if (fault.fault === 'deposed') {
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

  async #commit(group: Group): Promise<StorageError | null> {
    try {
      await this.#storage.commit(group.take(), group.strict ? 'strict' : 'relaxed');
      return null;
    } catch (error) {
      return error instanceof StorageError ? error : new StorageError('failed', String(error), error);
    }
  }
}

/** Steps of one transaction, the last one on each row. */
class Group {
  readonly done: Promise<boolean>;
  resolve: (durable: boolean) => void = () => undefined;
  /** Whether a mutation enters the outbox: that is worth a flush of the disk. */
  strict = false;
  #ops = new Map<string, Op>();
  readonly #kept: Set<number>;

  constructor(kept: Set<number>) {
    this.#kept = kept;
    this.done = new Promise((resolve) => {
      this.resolve = resolve;
    });
  }

  get size(): number {
    return this.#ops.size;
  }

  add(op: Op): void {
    if (op.type === 'erase' || (op.type === 'putMutation' && !op.row.receipt)) this.strict = true;
    const row = rowOf(op);
    // A cleared topic is a step that later records come after: the earlier ones of the topic are void.
    if (op.type === 'clearTopic') {
      for (const [other, before] of this.#ops) if (topicOf(before) === op.topic) this.#ops.delete(other);
    }
    this.#ops.delete(row);
    // It came and went: the disk never heard of it.
    if (op.type === 'deleteMutation' && !this.#kept.delete(op.order)) return;
    this.#ops.set(row, op);
  }

  /** Puts the steps of a group that failed before this one's; who waited for them waits for this one. */
  putBefore(failed: Group): void {
    this.done.then(failed.resolve);
    const later = this.#ops;
    this.#ops = failed.#ops;
    this.strict ||= failed.strict;
    // The disk may have had them all the same: what went meanwhile has to be taken off it.
    for (const op of failed.#ops.values()) if (op.type === 'putMutation') this.#kept.add(op.row.order);
    for (const op of later.values()) {
      // It has been found to be worth a step already.
      if (op.type === 'deleteMutation') this.#kept.add(op.order);
      this.add(op);
    }
  }

  /** The steps, on their way now. */
  take(): Op[] {
    const ops = [...this.#ops.values()];
    for (const op of ops) if (op.type === 'putMutation') this.#kept.add(op.row.order);
    return ops;
  }
}

function topicOf(op: Op): string | undefined {
  if (op.type === 'putRecord' || op.type === 'putTopic' || op.type === 'putQuery') return op.row.topic;
  return 'topic' in op ? op.topic : undefined;
}

function rowOf(op: Op): string {
  switch (op.type) {
    case 'putMutation':
      return `m${op.row.order}`;
    case 'deleteMutation':
      return `m${op.order}`;
    case 'putRecord':
      return `r${op.row.topic}\n${op.row.key}`;
    case 'deleteRecord':
      return `r${op.topic}\n${op.key}`;
    case 'putTopic':
      return `t${op.row.topic}`;
    case 'putQuery':
      return `q${op.row.topic}\n${op.row.query}`;
    case 'deleteQuery':
      return `q${op.topic}\n${op.query}`;
    case 'clearTopic':
      return `c${op.topic}`;
    case 'putRecordVersion':
      return 'v';
    case 'putAlias':
      return `a${op.row.temporary}`;
    case 'deleteAlias':
      return `a${op.temporary}`;
    case 'erase':
      return 'e';
    case 'putSeal':
      return 's';
  }
}
