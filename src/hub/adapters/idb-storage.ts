import type { Log } from '../../base/log.ts';
import { fits } from '../../base/shape.ts';
import type { Boot, Topic } from '../../protocol/ids.ts';
import { standing } from '../disk/standing.ts';
import {
  type AliasRow,
  type KeptTopic,
  type Op,
  type Opened,
  type QueryRow,
  type Storage,
  StorageError,
  type StorageNews,
  type TopicRow,
  topicRow,
} from '../storage.ts';
import { IdbConnection } from './idb-connection.ts';
import { allOf, metaAfter, requestOps, storesOf } from './idb-ops.ts';
import { OutboxPacks } from './outbox-packs.ts';
import { readPacks, readTopic, resultOf } from './read-rows.ts';
import type { Meta, StoreName } from './schema.ts';

export interface IdbStorageOptions {
  /** The database's name: one for each server and user. */
  readonly name: string;
  readonly log: Log;
}

/** A storage in the IndexedDB of this context. */
export const idbStorage = (options: IdbStorageOptions): Storage => new IdbStorage(options);

class IdbStorage implements Storage {
  readonly #log: Log;
  readonly #packs = new OutboxPacks();
  #before: Promise<void> = Promise.resolve();
  readonly #connection: IdbConnection;
  /** What its row says of this hub, once it has been opened. */
  #own: Meta | undefined;
  #closed = false;

  constructor({ name, log }: IdbStorageOptions) {
    this.#connection = new IdbConnection(name, log);
    this.#log = log;
  }

  async open(boot: Boot, protocol: number, told?: (news: StorageNews) => void): Promise<Opened> {
    if (this.#closed) throw CLOSED();
    if (told) this.#connection.told = told;
    const opened = await this.#connection.transact(OPENED, 'strict', async (transaction) => {
      const meta = transaction.objectStore('meta');
      const aside = transaction.objectStore('aside');
      const [row, packs, topics, aliases] = await Promise.all([
        resultOf<Meta | undefined>(meta.get(0)),
        readPacks(transaction.objectStore('outbox'), aside),
        resultOf<TopicRow[]>(transaction.objectStore('topics').getAll()).catch(() => []),
        resultOf<AliasRow[]>(transaction.objectStore('aliases').getAll()).catch(() => []),
      ]);
      // Its hub has given it up: the database stays with whoever has it now.
      if (this.#closed) throw CLOSED();
      if (row && row.protocol > protocol)
        throw new StorageError(
          'newer',
          `The database has protocol ${row.protocol}: this hub speaks ${protocol}`,
        );
      // A hub that opens again after a fault does not take the database back from the hub that has it now.
      if (this.#own) this.#check(row);
      const generation = (row?.generation ?? 0) + (row?.boot === boot ? 0 : 1);
      const { recordVersion, seal, token } = row ?? {};
      meta.put({ ...row, generation, boot, protocol, refilled: false } satisfies Meta, 0);
      const unread = await resultOf<unknown[]>(aside.getAll());
      if (unread.length > 0) this.#log('error', 'outbox-unreadable', { count: unread.length });
      return {
        generation,
        outbox: this.#packs.load(packs),
        topics: topics.filter((one) => fits(topicRow, one)),
        aliases,
        ...(recordVersion && { recordVersion }),
        ...(seal && { seal }),
        ...(token && { token }),
        ...(unread.length > 0 && { aside: unread }),
      };
    });
    this.#own = { generation: opened.generation, boot, protocol };
    // Who opens it for a moment, and asks for no news, is not there to stay.
    if (told) this.#connection.announce();
    return opened;
  }

  records(topic: Topic): Promise<KeptTopic> {
    if (this.#closed) return Promise.reject(CLOSED());
    return this.#connection.transact(['topics', 'records'], null, async (transaction) => {
      const [row, values] = await Promise.all([
        resultOf(transaction.objectStore('topics').get(topic)),
        resultOf(transaction.objectStore('records').getAll(allOf(topic))),
      ]);
      const kept = readTopic(topic, row, values);
      if (!kept) this.#log('error', 'topic-unreadable', { topic });
      return kept ?? { row: null, records: [] };
    });
  }

  queries(topic: Topic): Promise<readonly QueryRow[]> {
    if (this.#closed) return Promise.reject(CLOSED());
    return this.#connection.transact(['queries'], null, (transaction) =>
      resultOf<QueryRow[]>(transaction.objectStore('queries').getAll(allOf(topic))),
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
    const isAgain = ops[0]?.type === 'erase' && ops[0].outbox;
    const packs = this.#packs.apply(ops);
    try {
      await this.#connection.transact(stores, durability, async (transaction) => {
        // The writes do not wait for the check: the transaction cannot end before the last answer was looked at.
        requestOps(transaction, ops);
        if (stores.includes('outbox')) packs.request(transaction.objectStore('outbox'));
        const meta = transaction.objectStore('meta');
        const row = await resultOf<Meta | undefined>(meta.get(0));
        const isTaken = isAgain && standing(row, this.#own) === 'emptied';
        if (!isTaken) this.#check(row);
        const before = isTaken ? { ...(this.#own as Meta), refilled: true } : (row as Meta);
        const next = metaAfter(before, ops);
        if (next !== row) meta.put(next, 0);
      });
    } catch (error) {
      packs.undo();
      throw error;
    }
  }

  close(): void {
    this.#closed = true;
    void this.#before.then(() => this.#connection.close());
  }

  #check(row: Meta | undefined): void {
    const now = standing(row, this.#own);
    if (now === 'emptied') throw new StorageError('emptied', 'The database was emptied by somebody');
    if (now === 'deposed')
      throw new StorageError('deposed', `Hub ${row?.boot} has taken over from ${this.#own?.boot}`);
  }
}

/** What is read when it is opened. */
const OPENED: StoreName[] = ['meta', 'outbox', 'topics', 'aliases', 'aside'];

const ignore = () => undefined;
const CLOSED = () => new StorageError('closed', 'The storage was closed');
