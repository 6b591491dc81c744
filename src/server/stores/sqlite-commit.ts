import type { Random } from '../../base/random.ts';
import type { Cursor, Row } from '../../protocol/change.ts';
import {
  type Epoch,
  type Mark,
  type MutationId,
  type RecordId,
  recordKey,
  type Topic,
  type UserId,
} from '../../protocol/ids.ts';
import type { Receipt } from '../../protocol/receipt.ts';
import { type Change, CommitRun } from '../commit/commit-run.ts';
import { commitUnit, commitWrites, type Ledger } from '../commit/commit-writes.ts';
import { lastIdWith } from '../commit/last-id-with.ts';
import { logTexts } from '../commit/log-row.ts';
import { unitsOf } from '../commit/units-of.ts';
import { newMark, type StoreOutcome, type StoreWrite } from '../store.ts';
import { SqliteLook } from './sqlite-look.ts';
import type { SqliteReceipts } from './sqlite-receipts.ts';
import type { HeadRow, Statements } from './sqlite-statements.ts';

/** One call of `commit`, inside a transaction. The heads are read at first need and written at the end. */
export class SqliteCommit implements Ledger {
  readonly #sql: Statements;
  readonly #receipts: SqliteReceipts;
  readonly #epoch: Epoch;
  readonly #random: Random;
  readonly #at: number;
  readonly #heads = new Map<Topic, HeadRow>();
  readonly #moved = new Set<HeadRow>();
  readonly #look: SqliteLook;

  constructor(sql: Statements, receipts: SqliteReceipts, epoch: Epoch, random: Random, at: number) {
    this.#sql = sql;
    this.#receipts = receipts;
    this.#epoch = epoch;
    this.#random = random;
    this.#at = at;
    this.#look = new SqliteLook(sql, receipts);
  }

  /**
   * `careful`: a savepoint for each write, and for each batch, so that one that SQLite cannot carry out fails alone. It costs a quarter
   * more, and is needed only after a transaction has failed without it.
   */
  run(writes: readonly StoreWrite[], careful: boolean): StoreOutcome[] {
    const run = new CommitRun();
    // What is undone must not be remembered: a careful run looks at the tables themselves.
    if (!careful) this.#look.ahead(writes, (topic) => this.head(topic).id);
    const outcomes = careful
      ? unitsOf(writes).flatMap((unit) => this.#unitCarefully(run, unit))
      : commitWrites(run, writes, this);
    for (const { id, offset, mark, lastId } of this.#moved) this.#sql.setHead.run(offset, mark, lastId, id);
    return outcomes;
  }

  #unitCarefully(run: CommitRun, unit: readonly StoreWrite[]): StoreOutcome[] {
    // Before the savepoint: the topics' rows must not go with it.
    const heads = unit.map(({ topic }) => this.head(topic));
    const before = heads.map((head) => ({ ...head }));
    this.#sql.savepoint.run();
    try {
      return commitUnit(run, unit, this);
    } catch (error) {
      this.#sql.undo.run();
      for (const [at, head] of heads.entries()) Object.assign(head, before[at]);
      return unit.map((write) => run.fail(write, error));
    } finally {
      this.#sql.release.run();
    }
  }

  receipt(user: UserId, id: MutationId): Receipt | undefined {
    return this.#look.receipt(user, id);
  }

  floor(): number {
    return this.#look.floor();
  }

  record(topic: Topic, record: RecordId): Row | null {
    return this.#look.record(topic, this.head(topic).id, recordKey(record));
  }

  head(topic: Topic): HeadRow {
    const found = this.#heads.get(topic);
    if (found) return found;
    const [id, offset, mark, lastId] = this.#sql.head.get(topic) ?? [
      this.#sql.addHead.get(topic)?.[0] ?? 0,
      0,
      '' as Mark,
      0,
    ];
    const head = { id, offset, mark, lastId };
    this.#heads.set(topic, head);
    return head;
  }

  keep(user: UserId, receipt: Receipt): void {
    this.#receipts.add(user, receipt, this.#at);
    this.#look.answered(user, receipt);
  }

  change(topic: Topic, change: Change): Cursor {
    const { entry, json, attrs } = change;
    const [record, offset] = entry;
    const key = recordKey(record);
    const sql = this.#sql;
    const head = this.head(topic);
    const mark = newMark(this.#random);
    sql.addLog.run(head.id, offset, mark, this.#at, record, ...logTexts(change));
    if (json === null) sql.deleteRecord.run(head.id, key);
    else sql.putRecord.run(head.id, key, record, offset, json);
    this.#look.changed(topic, attrs && [record, offset, attrs], key);
    head.offset = offset;
    head.mark = mark;
    head.lastId = lastIdWith(head.lastId, record);
    this.#moved.add(head);
    return { epoch: this.#epoch, offset, mark };
  }
}
