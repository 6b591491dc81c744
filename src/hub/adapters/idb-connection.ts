import { openDB, unwrap } from 'idb';
import type { Log } from '../../base/log.ts';
import type { StorageError, StorageNews } from '../storage.ts';
import { SCHEMA, type StoreName, upgrade } from './schema.ts';
import { storageFault } from './storage-fault.ts';

/** `durability` null = it only reads. `act` may be called a second time. */
type Transaction<T> = [
  stores: StoreName[],
  durability: 'strict' | 'relaxed' | null,
  act: (transaction: IDBTransaction) => Promise<T>,
];

/**
 * The way to one database, which is opened again where the browser, or somebody, has closed it. It is opened through idb
 * and written through the bare transactions behind it: idb would make a promise and two listeners of every request, and
 * a commit has thousands.
 */
export class IdbConnection {
  readonly #name: string;
  readonly #log: Log;
  #database: Promise<IDBDatabase> | undefined;
  /** What `#database` resolved to. */
  #connection: IDBDatabase | undefined;
  #closed = false;
  /** Those who have this database open hear one another. */
  #others: BroadcastChannel | undefined;
  told: (news: StorageNews) => void = () => undefined;

  constructor(name: string, log: Log) {
    this.#name = name;
    this.#log = log;
  }

  /** One transaction, over a new connection where the one of before turns out to be broken: then nothing was done. */
  async transact<T>(...transaction: Transaction<T>): Promise<T> {
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
      commit(transaction);
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
      blocked: (from) => {
        this.#log('warn', 'database-blocked', { from, to: SCHEMA });
        this.told('blocked');
      },
      // Somebody upgrades or deletes the database: never stand in the way.
      blocking: (_from, to, event) => {
        this.#log('info', 'database-given-way', { to });
        this.#forget(event.target as IDBDatabase);
        this.told('broken');
      },
      terminated: () => {
        this.#log('warn', 'database-closed');
        this.#database = undefined;
        this.told('broken');
      },
    });
    this.#connection = unwrap(database);
    return this.#connection;
  }

  #forget(connection: IDBDatabase): void {
    if (connection === this.#connection) this.#database = undefined;
    connection.close();
  }

  /** Tells who had the database before that it is another's: it would hear it only with its next write. */
  announce(): void {
    if (this.#closed) return;
    this.#others ??= new BroadcastChannel(this.#name);
    this.#others.onmessage = () => this.told('broken');
    this.#others.postMessage(null);
  }

  /** No transaction begins afterwards. */
  close(): void {
    this.#closed = true;
    this.#others?.close();
    this.#database?.then(
      (database) => database.close(),
      () => undefined,
    );
  }
}

/** It need not wait for this context, which may be busy for long: others wait for its end. */
function commit(transaction: IDBTransaction): void {
  try {
    transaction.commit();
  } catch {
    // It has ended by itself.
  }
}

function abort(transaction: IDBTransaction): void {
  try {
    transaction.abort();
  } catch {
    // It has ended by itself.
  }
}
