import type { Random } from '../../base/random.ts';
import { units } from '../../base/units.ts';
import { type Epoch, type Mark, recordKey, type Topic } from '../../protocol/ids.ts';
import { type Change, CommitRun, type Decision, type Found } from '../commit/commit-run.ts';
import { decideUnit } from '../commit/decide-unit.ts';
import { lastIdWith } from '../commit/last-id-with.ts';
import { logTexts } from '../commit/log-row.ts';
import { newMark, type StoreOutcome, type StoreWrite } from '../store.ts';
import { SqliteLook } from './sqlite-look.ts';
import type { SqliteReceipts } from './sqlite-receipts.ts';
import type { HeadRow, Statements } from './sqlite-statements.ts';

/** One call of `commit`, inside a transaction. The heads are read at first need and written at the end. */
export class SqliteCommit {
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
    if (!careful) this.#look.ahead(writes, (topic) => this.#head(topic).id);
    const outcomes = units(writes, ({ batch }) => batch).flatMap((unit) =>
      careful ? this.#unitCarefully(run, unit) : this.#unit(run, unit),
    );
    for (const { id, offset, mark, lastId } of this.#moved) this.#sql.setHead.run(offset, mark, lastId, id);
    return outcomes;
  }

  #unitCarefully(run: CommitRun, unit: readonly StoreWrite[]): StoreOutcome[] {
    // Before the savepoint: the topics' rows must not go with it.
    const heads = unit.map(({ topic }) => this.#head(topic));
    const before = heads.map((head) => ({ ...head }));
    this.#sql.savepoint.run();
    try {
      return this.#unit(run, unit);
    } catch (error) {
      this.#sql.undo.run();
      for (const [at, head] of heads.entries()) Object.assign(head, before[at]);
      return unit.map((write) => run.fail(write, error));
    } finally {
      this.#sql.release.run();
    }
  }

  #unit(run: CommitRun, unit: readonly StoreWrite[]): StoreOutcome[] {
    const found = (write: StoreWrite) => this.#found(write);
    return decideUnit(run, unit, found).map(([write, decision]) => this.#write(write, decision));
  }

  #found(write: StoreWrite): Found {
    const { user, topic, record } = write;
    const head = this.#head(topic);
    const look = this.#look;
    return {
      receipt: (id) => look.receipt(user, id),
      floor: () => look.floor(),
      record: () => look.record(topic, head.id, recordKey(record)),
      offset: () => head.offset,
      lastId: () => head.lastId,
    };
  }

  #write(write: StoreWrite, decision: Decision): StoreOutcome {
    const head = this.#head(write.topic);
    if (decision.type === 'nothing') return decision.outcome;
    const { receipt } = decision;
    this.#receipts.add(write.user, receipt, this.#at);
    this.#look.answered(write.user, receipt.ids);
    if (decision.type === 'keep') return { type: 'receipts', receipts: [receipt], changed: null };
    const from = head.offset;
    this.#change(head, write.topic, decision);
    const cursor = { epoch: this.#epoch, offset: head.offset, mark: head.mark as Mark };
    const { entry, before } = decision;
    const changed = { topic: write.topic, from, cursor, entry, ...(before !== undefined && { before }) };
    return { type: 'receipts', receipts: [receipt], changed };
  }

  #change(head: HeadRow, topic: Topic, change: Change): void {
    const { entry, json, attrs } = change;
    const [record, offset] = entry;
    const key = recordKey(record);
    const sql = this.#sql;
    const mark = newMark(this.#random);
    sql.addLog.run(head.id, offset, mark, this.#at, record, ...logTexts(change));
    if (json === null) sql.deleteRecord.run(head.id, key);
    else sql.putRecord.run(head.id, key, record, offset, json);
    this.#look.changed(topic, attrs && [record, offset, attrs], key);
    head.offset = offset;
    head.mark = mark;
    head.lastId = lastIdWith(head.lastId, record);
    this.#moved.add(head);
  }

  #head(topic: Topic): HeadRow {
    const found = this.#heads.get(topic);
    if (found) return found;
    const [id, offset, mark, lastId] = this.#sql.head.get(topic) ?? [
      this.#sql.addHead.get(topic)?.[0] ?? 0,
      0,
      '',
      0,
    ];
    const head = { id, offset, mark, lastId };
    this.#heads.set(topic, head);
    return head;
  }
}
