import type { Row } from '../../protocol/change.ts';
import { type MutationId, type RecordKey, recordKey, type Topic, type UserId } from '../../protocol/ids.ts';
import type { Receipt } from '../../protocol/receipt.ts';
import { knownReceipt } from '../commit/known-receipt.ts';
import type { StoreWrite } from '../store.ts';
import type { SqliteReceipts } from './sqlite-receipts.ts';
import type { Statements } from './sqlite-statements.ts';

type Asked = readonly { readonly topic: Topic; readonly key: RecordKey }[];

/**
 * The records of these that there are, by topic and key, in one statement a topic: what a statement costs is mostly the
 * way to it. A topic without a number has none.
 */
export function rowsOf(sql: Statements, asked: Asked, topicId: (topic: Topic) => number | undefined) {
  const keys = new Map<Topic, RecordKey[]>();
  for (const { topic, key } of asked) {
    const some = keys.get(topic);
    if (some) some.push(key);
    else keys.set(topic, [key]);
  }
  const topics = new Map<Topic, Map<RecordKey, Row>>();
  for (const [topic, some] of keys) {
    const rows = new Map<RecordKey, Row>();
    topics.set(topic, rows);
    for (const [key, record, version, attrs] of sql.records.all(topicId(topic) ?? 0, JSON.stringify(some)))
      rows.set(key, [record, version, JSON.parse(attrs)]);
  }
  return topics;
}

/** What one commit looks at, read in one statement a topic and one a user in place of several a write. It has to be told what the commit writes. */
export class SqliteLook {
  readonly #sql: Statements;
  readonly #receipts: SqliteReceipts;
  #topics: ReturnType<typeof rowsOf> = new Map();
  /** The receipts that there are, of all ids of these users that are asked for, as they were given or as a repeat is answered. */
  readonly #known = new Map<UserId, Map<MutationId, Receipt>>();
  #floor: number | null = null;

  constructor(sql: Statements, receipts: SqliteReceipts) {
    this.#sql = sql;
    this.#receipts = receipts;
  }

  /** Reads ahead for these writes. Without it everything is looked up when it is asked for, and nothing is kept. */
  ahead(writes: readonly StoreWrite[], topicId: (topic: Topic) => number): void {
    const users = new Map<UserId, MutationId[]>();
    for (const { user, ids } of writes) {
      const asked = users.get(user) ?? [];
      // One by one: there may be more of them than a call takes.
      for (const id of ids) asked.push(id);
      users.set(user, asked);
    }
    for (const [user, ids] of users) this.#known.set(user, this.#receipts.known(user, ids));
    const asked = writes.map(({ topic, record }) => ({ topic, key: recordKey(record) }));
    this.#topics = rowsOf(this.#sql, asked, topicId);
  }

  receipt(user: UserId, id: MutationId): Receipt | undefined {
    const known = this.#known.get(user);
    if (!known) return this.#receipts.get(user, id);
    const receipt = known.get(id);
    return receipt && knownReceipt(id, receipt);
  }

  /** The same throughout a transaction. */
  floor(): number {
    this.#floor ??= this.#receipts.floor();
    return this.#floor;
  }

  record(topic: Topic, topicId: number, key: RecordKey): Row | null {
    const rows = this.#topics.get(topic);
    if (rows) return rows.get(key) ?? null;
    const row = this.#sql.record.get(topicId, key);
    return row ? [row[0], row[1], JSON.parse(row[2])] : null;
  }

  /** Its ids have this receipt now. */
  answered(user: UserId, receipt: Receipt): void {
    const known = this.#known.get(user);
    for (const id of receipt.ids) known?.set(id, receipt);
  }

  /** The record is this now; null = there is none. */
  changed(topic: Topic, row: Row | null, key: RecordKey): void {
    const rows = this.#topics.get(topic);
    if (row) rows?.set(key, row);
    else rows?.delete(key);
  }
}
