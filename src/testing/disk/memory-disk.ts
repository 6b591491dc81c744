import { type Owner, standing } from '../../hub/disk/standing.ts';
import {
  type KeptTopic,
  type Op,
  type Opened,
  type QueryRow,
  type Storage,
  StorageError,
  type StorageNews,
} from '../../hub/storage.ts';
import type { Boot, Topic } from '../../protocol/ids.ts';
import { applyOps } from './apply-ops.ts';
import type { DiskRows } from './disk-rows.ts';

/** What a storage is about to do, or has done. */
export type DiskStep =
  | { readonly type: 'open'; readonly boot: Boot }
  | { readonly type: 'records' | 'queries'; readonly topic: Topic }
  | { readonly type: 'commit'; readonly ops: readonly Op[] };

/**
 * How a disk misbehaves. `before` delays a step or, by rejecting, keeps it from happening; `after` delays the answer
 * or, by rejecting, loses it: the step has happened. `copy` is what the platform's structured clone would do.
 */
export interface DiskOptions {
  readonly before?: (step: DiskStep) => Promise<void> | void;
  readonly after?: (step: DiskStep) => Promise<void> | void;
  readonly copy?: <T>(value: T) => T;
}

/** One user's database in memory. It outlives the storages that are opened over it, as a disk outlives hubs. */
export interface MemoryDisk {
  /** For those who look at the disk from outside. */
  readonly rows: DiskRows;
  storage(): Storage;
  /** Somebody deletes all that is on it, as a user may. */
  empty(): void;
}

export function memoryDisk(options: DiskOptions = {}): MemoryDisk {
  const rows: DiskRows = {
    ...EMPTY,
    outbox: new Map(),
    topics: new Map(),
    records: new Map(),
    queries: new Map(),
    aliases: new Map(),
  };
  const storages: MemoryStorage[] = [];
  return {
    rows,
    storage() {
      const storage = new MemoryStorage(rows, options);
      storages.push(storage);
      return storage;
    },
    empty() {
      Object.assign(rows, EMPTY);
      for (const part of [rows.outbox, rows.topics, rows.records, rows.queries, rows.aliases]) part.clear();
      for (const storage of storages) storage.told('broken');
    },
  };
}

/** What a disk says of itself that nobody has opened. */
export const EMPTY = {
  generation: 0,
  boot: undefined,
  protocol: 0,
  recordVersion: 0,
  seal: null,
  token: null,
  refilled: false,
};

class MemoryStorage implements Storage {
  readonly #rows: DiskRows;
  readonly #options: DiskOptions;
  told: (news: StorageNews) => void = () => undefined;
  #own: (Owner & { readonly protocol: number }) | undefined;
  #closed = false;
  /** Steps of one storage run one after the other, in the order of their calls, whatever the hooks take. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(rows: DiskRows, options: DiskOptions) {
    this.#rows = rows;
    this.#options = options;
  }

  open(boot: Boot, protocol: number, told: (news: StorageNews) => void = () => undefined): Promise<Opened> {
    this.told = told;
    return this.#step({ type: 'open', boot }, () => {
      const rows = this.#rows;
      if (rows.protocol > protocol)
        throw new StorageError(
          'newer',
          `the disk has protocol ${rows.protocol}, this hub speaks ${protocol}`,
        );
      if (this.#own) this.#check();
      const generation = rows.generation + (rows.boot === boot ? 0 : 1);
      this.#own = { generation, boot, protocol };
      Object.assign(rows, this.#own, { refilled: false });
      const outbox = [...rows.outbox.values()].sort((a, b) => a.order - b.order);
      const { recordVersion, seal, token } = rows;
      const topics = [...rows.topics.values()];
      const aliases = [...rows.aliases.values()].sort((a, b) => (a.temporary < b.temporary ? -1 : 1));
      return {
        generation,
        outbox,
        topics,
        aliases,
        ...(recordVersion && { recordVersion }),
        ...(seal && { seal }),
        ...(token && { token }),
      };
    });
  }

  records(topic: Topic): Promise<KeptTopic> {
    const { records, topics } = this.#rows;
    return this.#step({ type: 'records', topic }, () => ({
      row: topics.get(topic) ?? null,
      records: [...(records.get(topic)?.values() ?? [])].sort((a, b) => (a.key < b.key ? -1 : 1)),
    }));
  }

  queries(topic: Topic): Promise<readonly QueryRow[]> {
    return this.#step({ type: 'queries', topic }, () => [...(this.#rows.queries.get(topic)?.values() ?? [])]);
  }

  commit(ops: readonly Op[]): Promise<void> {
    const step: DiskStep = { type: 'commit', ops: this.#copy(ops) };
    return this.#step(step, () => {
      const [first] = ops;
      if (first?.type === 'erase' && first.outbox && this.#standing === 'emptied')
        Object.assign(this.#rows, this.#own, { refilled: true });
      this.#check();
      applyOps(this.#rows, step.ops);
    });
  }

  close(): void {
    this.#closed = true;
  }

  get #standing(): ReturnType<typeof standing> {
    const { boot, generation, refilled } = this.#rows;
    return standing(boot && { boot, generation, refilled }, this.#own);
  }

  #check(): void {
    if (!this.#own) throw new StorageError('closed', 'the storage was never opened');
    if (this.#standing === 'emptied') throw new StorageError('emptied', 'the disk was emptied');
    if (this.#standing === 'deposed')
      throw new StorageError('deposed', `hub ${this.#rows.boot} has taken over from ${this.#own.boot}`);
  }

  #step<T>(step: DiskStep, act: () => T): Promise<T> {
    if (this.#closed) return Promise.reject(new StorageError('closed', 'the storage was closed'));
    const { before, after } = this.#options;
    const done = this.#last.then(async () => {
      if (before) await before(step);
      const result = this.#copy(act());
      if (after) await after(step);
      return result;
    });
    this.#last = done.catch(() => undefined);
    return done;
  }

  #copy<T>(value: T): T {
    return this.#options.copy ? this.#options.copy(value) : value;
  }
}
