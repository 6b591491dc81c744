import type { Clock } from '../base/clock.ts';
import type { Log } from '../base/log.ts';
import { type Op, type Storage, StorageError } from './storage.ts';

/** Milliseconds after which a transaction that failed is tried again. */
const AGAIN = 1_000;

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
 * disk always holds a prefix of what the hub did. Within a group the last step on a row stands for all of them.
 *
 *   write(ops) ──▶ next group ──▶ one transaction ──▶ the promises of all its writes
 */
export class Journal {
  readonly #storage: Storage;
  readonly #listener: JournalListener;
  readonly #log: Log;
  readonly #clock: Clock;
  #group = new Group();
  #running: Promise<void> | null = null;
  #ended = false;

  constructor(storage: Storage, listener: JournalListener, log: Log, clock: Clock) {
    this.#storage = storage;
    this.#listener = listener;
    this.#log = log;
    this.#clock = clock;
  }

  /**
   * Resolves when these steps, and all before them, are on the disk: true; or when they never will be: false. What the
   * disk refuses stays here and is tried again, with the next write or after a while.
   */
  write(ops: readonly Op[]): Promise<boolean> {
    for (const op of ops) this.#group.add(op);
    const done = this.#group.done;
    this.#start();
    return done;
  }

  /** Writes nothing any more; what waits is answered with false. */
  end(): void {
    this.#ended = true;
    this.#group.resolve(false);
    this.#storage.close();
  }

  #start(): void {
    this.#running ??= Promise.resolve().then(() => this.#run());
  }

  async #run(): Promise<void> {
    while (this.#group.size > 0 && !this.#ended) {
      const group = this.#group;
      this.#group = new Group();
      const fault = await this.#commit(group);
      if (this.#ended) return group.resolve(false);
      if (!fault) {
        this.#listener.durable(true, null);
        group.resolve(true);
      } else if (fault.fault === 'deposed') {
        group.resolve(false);
        this.#listener.deposed();
        return;
      } else {
        this.#log('error', 'storage-fault', { fault: fault.fault, message: fault.message });
        this.#listener.durable(false, fault.fault);
        this.#group.putBefore(group);
        this.#clock.after(AGAIN, () => this.#start());
        break;
      }
    }
    this.#running = null;
  }

  async #commit(group: Group): Promise<StorageError | null> {
    try {
      await this.#storage.commit(group.ops(), group.strict ? 'strict' : 'relaxed');
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

  constructor() {
    this.done = new Promise((resolve) => {
      this.resolve = resolve;
    });
  }

  get size(): number {
    return this.#ops.size;
  }

  add(op: Op): void {
    if (op.type === 'putMutation') this.strict = true;
    const row = rowOf(op);
    // A cleared topic is a step that later records come after: the earlier ones of the topic are void.
    if (op.type === 'clearTopic') {
      for (const [other, before] of this.#ops) if (topicOf(before) === op.topic) this.#ops.delete(other);
    }
    this.#ops.delete(row);
    this.#ops.set(row, op);
  }

  /** Puts the steps of a group that failed before this one's; who waited for them waits for this one. */
  putBefore(failed: Group): void {
    this.done.then(failed.resolve);
    const later = this.#ops;
    this.#ops = failed.#ops;
    this.strict ||= failed.strict;
    for (const op of later.values()) this.add(op);
  }

  ops(): Op[] {
    return [...this.#ops.values()];
  }
}

function topicOf(op: Op): string | undefined {
  if (op.type === 'putRecord' || op.type === 'putTopic') return op.row.topic;
  return op.type === 'deleteRecord' || op.type === 'clearTopic' ? op.topic : undefined;
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
    case 'clearTopic':
      return `c${op.topic}`;
  }
}
