import { openDB, unwrap, wrap } from 'idb';
import type { Log } from '../../base/log.ts';
import { type Boot, recordKey, type Topic } from '../../protocol/ids.ts';
import {
  type AliasRow,
  type Op,
  type Opened,
  type QueryRow,
  type ReplicaRow,
  type Storage,
  StorageError,
  type TopicRow,
} from '../storage.ts';
import { allOf, metaAfter, requestOps, storesOf } from './idb-ops.ts';
import { OutboxPacks, type StoredPack } from './outbox-packs.ts';
import { type Meta, SCHEMA, type StoredRecord, type StoreName, upgrade } from './schema.ts';
import { storageFault } from './storage-fault.ts';

/** `durability` null = it only reads. `act` may be called a second time. */
type Transaction<T> = [
  stores: StoreName[],
  durability: 'strict' | 'relaxed' | null,
  act: (transaction: IDBTransaction) => Promise<T>,
];

export interface IdbStorageOptions {
  /** The database's name: one for each server and user. */
  readonly name: string;
  readonly log: Log;
}

/** A storage in the IndexedDB of this context. */
export const idbStorage = (options: IdbStorageOptions): Storage => new IdbStorage(options);

/**
 * The database is opened through idb and written through the bare transactions behind it: idb would make a promise and
 * two listeners of every request, and a commit has thousands.
 */
class IdbStorage implements Storage {
  readonly #name: string;
  readonly #log: Log;
  readonly #packs = new OutboxPacks();
  #before: Promise<void> = Promise.resolve();
  #database: Promise<IDBDatabase> | undefined;
  /** What `#database` resolved to. */
  #connection: IDBDatabase | undefined;
  #boot: Boot | undefined;
  #closed = false;

  constructor({ name, log }: IdbStorageOptions) {
    this.#name = name;
    this.#log = log;
  }

  async open(boot: Boot, protocol: number): Promise<Opened> {
    if (this.#closed) throw CLOSED();
    const opened = await this.#transact(
      ['meta', 'outbox', 'topics', 'aliases'],
      'strict',
      async (transaction) => {
        const meta = transaction.objectStore('meta');
        const rows = Promise.all([
          wrap<StoredPack[]>(transaction.objectStore('outbox').getAll()),
          wrap<TopicRow[]>(transaction.objectStore('topics').getAll()),
          wrap<AliasRow[]>(transaction.objectStore('aliases').getAll()),
        ]);
        const [row, [packs, topics, aliases]] = await Promise.all([
          wrap<Meta | undefined>(meta.get(0)),
          rows,
        ]);
        // Its hub has given it up: the database stays with whoever has it now.
        if (this.#closed) throw CLOSED();
        if (row && row.protocol > protocol)
          throw new StorageError(
            'newer',
            `The database has protocol ${row.protocol}: this hub speaks ${protocol}`,
          );
        // A hub that opens again after a fault does not take the database back from the hub that has it now.
        if (this.#boot) this.#check(row);
        const generation = (row?.generation ?? 0) + (row?.boot === boot ? 0 : 1);
        meta.put({ ...row, generation, boot, protocol } satisfies Meta, 0);
        const { recordVersion, seal } = row ?? {};
        return {
          generation,
          outbox: this.#packs.load(packs),
          topics,
          aliases,
          ...(recordVersion && { recordVersion }),
          ...(seal && { seal }),
        };
      },
    );
    this.#boot = boot;
    return opened;
  }

  records(topic: Topic): Promise<readonly ReplicaRow[]> {
    if (this.#closed) return Promise.reject(CLOSED());
    return this.#transact(['records'], null, async (transaction) => {
      const rows = await wrap<StoredRecord[]>(transaction.objectStore('records').getAll(allOf(topic)));
      return rows.map(([record, version, attrs, recordVersion]) => ({
        topic,
        key: recordKey(record),
        record,
        version,
        attrs,
        ...(recordVersion && { recordVersion }),
      }));
    });
  }

  queries(topic: Topic): Promise<readonly QueryRow[]> {
    if (this.#closed) return Promise.reject(CLOSED());
    return this.#transact(['queries'], null, (transaction) =>
      wrap<QueryRow[]>(transaction.objectStore('queries').getAll(allOf(topic))),
    );
  }

  /** One after the other: what the packs are is known only once the commit before has ended. */
  commit(ops: readonly Op[], durability: 'strict' | 'relaxed'): Promise<void> {
    if (this.#closed) return Promise.reject(CLOSED());
    const commit = this.#before.then(() => this.#commit(ops, durability));
    this.#before = commit.catch(ignore);
    return commit;
  }

  async #commit(ops: readonly Op[], durability: 'strict' | 'relaxed'): Promise<void> {
    const stores = storesOf(ops);
    const packs = this.#packs.apply(ops);
    try {
      await this.#transact(stores, durability, async (transaction) => {
        // The writes do not wait for the check: the transaction cannot end before the last answer was looked at.
        requestOps(transaction, ops);
        if (stores.includes('outbox')) packs.request(transaction.objectStore('outbox'));
        const meta = transaction.objectStore('meta');
        const row = await wrap<Meta | undefined>(meta.get(0));
        this.#check(row);
        const next = metaAfter(row as Meta, ops);
        if (next !== row) meta.put(next, 0);
      });
    } catch (error) {
      packs.undo();
      throw error;
    }
  }

  close(): void {
    this.#closed = true;
    void this.#before.then(() => this.#database?.then((database) => database.close(), ignore));
  }

  #check(row: Meta | undefined): void {
    if (!row) throw new StorageError('failed', 'The database was emptied by somebody');
    if (row.boot !== this.#boot)
      throw new StorageError('deposed', `Hub ${row.boot} has taken over from ${this.#boot}`);
  }

  /** One transaction, over a new connection where the one of before turns out to be broken: then nothing was done. */
  async #transact<T>(...transaction: Transaction<T>): Promise<T> {
    try {
      return await this.#attempt(...transaction);
    } catch (error) {
      if (this.#closed || (error as StorageError).fault !== 'closed') throw error;
      this.#log('warn', 'database-broken', { error: String(error) });
      return this.#attempt(...transaction);
    }
  }

  /** Resolves once the transaction is complete; where `act` fails, nothing of it happens. */
  async #attempt<T>(...[stores, durability, act]: Transaction<T>): Promise<T> {
    const database = await this.#opened();
    try {
      const transaction = durability
        ? database.transaction(stores, 'readwrite', { durability })
        : database.transaction(stores);
      const ended = new Promise<unknown>((resolve) => {
        transaction.oncomplete = () => resolve(undefined);
        transaction.onabort = () => resolve(transaction.error ?? new DOMException('aborted', 'AbortError'));
      });
      let result: T;
      try {
        result = await act(transaction);
      } catch (error) {
        abort(transaction);
        await ended;
        // Where one request broke the transaction, the others only say that it was aborted.
        throw transaction.error ?? error;
      }
      const failure = await ended;
      if (failure) throw failure;
      return result;
    } catch (error) {
      const fault = storageFault(error, 'use');
      if (fault.fault === 'closed') this.#forget(database);
      throw fault;
    }
  }

  /** The connection; a new one where the last broke or could not be opened. */
  #opened(): Promise<IDBDatabase> {
    this.#database ??= this.#connect().catch((error) => {
      this.#database = undefined;
      throw storageFault(error, 'open');
    });
    return this.#database;
  }

  async #connect(): Promise<IDBDatabase> {
    const database = await openDB(this.#name, SCHEMA, {
      upgrade: (db, from) => upgrade(unwrap(db), from),
      blocked: (from) => this.#log('warn', 'database-blocked', { from, to: SCHEMA }),
      // Somebody upgrades or deletes the database: never stand in the way.
      blocking: (_from, to, event) => {
        this.#log('info', 'database-given-way', { to });
        this.#forget(event.target as IDBDatabase);
      },
      terminated: () => {
        this.#log('warn', 'database-closed');
        this.#database = undefined;
      },
    });
    this.#connection = unwrap(database);
    return this.#connection;
  }

  #forget(connection: IDBDatabase): void {
    if (connection === this.#connection) this.#database = undefined;
    connection.close();
  }
}

const ignore = () => undefined;
const CLOSED = () => new StorageError('closed', 'The storage was closed');

function abort(transaction: IDBTransaction): void {
  try {
    transaction.abort();
  } catch {
    // It has ended by itself.
  }
}
