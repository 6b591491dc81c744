import type { Card } from '../cards.ts';

type Write = (transaction: IDBTransaction) => void;
interface Waiting {
  readonly durability: 'strict' | 'relaxed';
  readonly write: Write;
  readonly done: () => void;
}

/** Bare IndexedDB; what is asked for while a transaction runs goes into the next one, together. */
export class LimitDisk {
  readonly #database: IDBDatabase;
  #waiting: Waiting[] = [];
  #busy = false;

  private constructor(database: IDBDatabase) {
    this.#database = database;
  }

  static open(): Promise<LimitDisk> {
    return new Promise((resolve, reject) => {
      const request = indexedDB.open('limit', 1);
      request.onupgradeneeded = () => {
        request.result.createObjectStore('outbox', { keyPath: 'n' });
        request.result.createObjectStore('cards', { keyPath: 'id' });
      };
      request.onsuccess = () => resolve(new LimitDisk(request.result));
      request.onerror = () => reject(request.error);
    });
  }

  /** Resolves when the transaction that holds the write is complete. */
  write(durability: Waiting['durability'], write: Write): Promise<void> {
    return new Promise((done) => {
      this.#waiting.push({ durability, write, done });
      if (!this.#busy) queueMicrotask(() => this.#commit());
    });
  }

  cards(): Promise<Card[]> {
    return new Promise((resolve, reject) => {
      const request = this.#database.transaction('cards').objectStore('cards').getAll();
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  }

  #commit(): void {
    if (this.#busy || !this.#waiting.length) return;
    this.#busy = true;
    const group = this.#waiting.splice(0);
    const transaction = this.#database.transaction(['outbox', 'cards'], 'readwrite', {
      durability: 'strict',
    });
    for (const { write } of group) write(transaction);
    transaction.commit();
    transaction.oncomplete = () => {
      this.#busy = false;
      for (const { done } of group) done();
      this.#commit();
    };
  }
}
