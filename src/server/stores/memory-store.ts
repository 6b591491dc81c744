import type { Random } from '../../base/random.ts';
import type { Cursor, Row } from '../../protocol/change.ts';
import {
  type Epoch,
  type MutationId,
  type RecordKey,
  recordKey,
  type Topic,
  type UserId,
} from '../../protocol/ids.ts';
import { CommitRun } from '../commit/commit-run.ts';
import { commitWrites } from '../commit/commit-writes.ts';
import { receiptsFor, standing } from '../commit/known-receipt.ts';
import { pooledRandom } from '../pooled-random.ts';
import {
  newMark,
  type PageBounds,
  type Store,
  type StoredRefusal,
  type StoreOutcome,
  type StoreWrite,
  type TrimBounds,
} from '../store.ts';
import { MemoryReceipts } from './memory-receipts.ts';
import { MemoryTopic } from './memory-topic.ts';

/** A store that keeps everything in memory, for tests and for what may be forgotten. It outlives `close`. */
export function memoryStore(options: { readonly random?: Random } = {}): Store {
  return new MemoryStore(options.random ?? pooledRandom);
}

class MemoryStore implements Store {
  readonly #random: Random;
  readonly #epoch: Epoch;
  readonly #topics = new Map<Topic, MemoryTopic>();
  readonly #receipts = new MemoryReceipts();

  constructor(random: Random) {
    this.#random = random;
    this.#epoch = random.id().slice(0, 12) as Epoch;
  }

  async open() {
    return { epoch: this.#epoch };
  }

  async read(asked: readonly { readonly topic: Topic; readonly key: RecordKey }[]) {
    return asked.map(({ topic, key }) => structuredClone(this.#topics.get(topic)?.records.get(key) ?? null));
  }

  async receipts(user: UserId, asked: readonly { readonly id: MutationId; readonly number: number }[]) {
    return receiptsFor(asked, this.#receipts.floor, (id) => this.#receipts.get(user, id));
  }

  async commit(writes: readonly StoreWrite[], at: number): Promise<readonly StoreOutcome[]> {
    return commitWrites(new CommitRun(), writes, {
      receipt: (user, id) => this.#receipts.get(user, id),
      floor: () => this.#receipts.floor,
      record: (topic, record) => this.#topic(topic).records.get(recordKey(record)) ?? null,
      head: (topic) => this.#topic(topic),
      keep: (user, receipt) => this.#receipts.add(user, receipt, at),
      change: (topic, change) => this.#topic(topic).add(change, newMark(this.#random), at),
    });
  }

  async refuse(refusals: readonly StoredRefusal[], at: number) {
    return refusals.map(({ user, receipt }) => {
      const { kept, receipts } = standing(receipt, (id) => this.#receipts.get(user, id));
      if (kept) this.#receipts.add(user, kept, at);
      return receipts;
    });
  }

  async head(topic: Topic): Promise<Cursor> {
    return this.#topics.get(topic)?.cursor ?? new MemoryTopic(this.#epoch).cursor;
  }

  heads(topics: readonly Topic[]) {
    return Promise.all(topics.map((topic) => this.head(topic)));
  }

  async page(topic: Topic, after: RecordKey | null, bounds: PageBounds) {
    const found = this.#topics.get(topic);
    const rows: Row[] = [];
    if (!found) return { rows, next: null };
    const keys = found.keys;
    let bytes = 0;
    for (let at = found.indexAfter(after); at < keys.length; at++) {
      const key = keys[at] as RecordKey;
      const row = found.records.get(key) as Row;
      rows.push(row);
      bytes += JSON.stringify(row[2]).length;
      const full = rows.length >= bounds.rows || bytes >= bounds.bytes;
      if (full) return { rows, next: at + 1 < keys.length ? key : null };
    }
    return { rows, next: null };
  }

  async log(topic: Topic, cursor: Cursor, most?: number) {
    if (cursor.epoch !== this.#epoch) return null;
    return (this.#topics.get(topic) ?? new MemoryTopic(this.#epoch)).since(cursor, most);
  }

  async number() {
    return this.#receipts.number;
  }

  async trim({ log, receiptsBefore }: TrimBounds) {
    for (const [name, topic] of this.#topics) {
      topic.trim(log(name));
      topic.compact();
    }
    this.#receipts.trim(receiptsBefore);
  }

  async size() {
    const logs = [...this.#topics.values()].map(({ logLength }) => logLength);
    const { number, floor } = this.#receipts;
    return { topics: logs.length, log: logs.reduce((a, b) => a + b, 0), receipts: number - floor, bytes: 0 };
  }

  async close() {}

  #topic(name: Topic): MemoryTopic {
    const found = this.#topics.get(name);
    if (found) return found;
    const topic = new MemoryTopic(this.#epoch);
    this.#topics.set(name, topic);
    return topic;
  }
}
