import { assert } from '../../base/assert.ts';
import type { Random } from '../../base/random.ts';
import type { Cursor, Row } from '../../protocol/change.ts';
import type { Epoch, Mark, MutationId, RecordKey, Topic, UserId } from '../../protocol/ids.ts';
import { linesWithin, missedOf } from '../commit/log-row.ts';
import { badOption, checkOptions, found } from '../options/check-options.ts';
import { having } from '../options/rules.ts';
import { pooledRandom } from '../pooled-random.ts';
import type { PageBounds, Store, StoredRefusal, StoreWrite, TrimBounds } from '../store.ts';
import { GroupCommit } from './group-commit.ts';
import { backupOf } from './sqlite-backup.ts';
import { SqliteCommit } from './sqlite-commit.ts';
import { compactSqlite } from './sqlite-compact.ts';
import { openDatabase, type SqliteDatabase, sqlite } from './sqlite-database.ts';
import { rowsOf } from './sqlite-look.ts';
import { SqliteReceipts } from './sqlite-receipts.ts';
import { type Statements, statements } from './sqlite-statements.ts';
import { trimSqlite } from './sqlite-trim.ts';

/** A store that can be copied while it is in use. */
export interface SqliteStore extends Store {
  /**
   * Copies the database to a file that is not there yet. To restore it, stop the server and put the copy in the place
   * of its file, with no `-wal` and `-shm` beside it. Rejects with a MedullaError 'storage'.
   */
  backup(to: string): Promise<void>;
}

/**
 * A store in one file, by the SQLite that is in Node. `:memory:` is a file that ends with `close`. Throws a
 * MedullaError 'bad-option' where this Node has no SQLite.
 */
export function sqliteStore(file: string, options: { readonly random?: Random } = {}): SqliteStore {
  if (typeof file !== 'string' || file === '')
    throw badOption(`sqliteStore takes the path of a file, as 'app.db': found ${found(file)}.`);
  checkOptions('sqliteStore', options, rules);
  sqlite();
  return new FileStore(file, options.random ?? pooledRandom);
}

/** As SQLite has it. */
const NO_LIMIT = -1;

const rules = { random: having('an object with next() and id()', 'next', 'id') };

interface Open extends SqliteDatabase {
  readonly sql: Statements;
  readonly receipts: SqliteReceipts;
  readonly group: GroupCommit;
}

class FileStore implements SqliteStore {
  readonly #file: string;
  readonly #random: Random;
  /** How far each topic's log has been compacted by this process. */
  readonly #compacted = new Map<number, number>();
  #it: Open | null = null;

  constructor(file: string, random: Random) {
    this.#file = file;
    this.#random = random;
  }

  async open() {
    this.#it ??= this.#start();
    return { epoch: this.#it.epoch };
  }

  async read(asked: readonly { readonly topic: Topic; readonly key: RecordKey }[]) {
    const { sql } = this.#open;
    const rows = rowsOf(sql, asked, (topic) => sql.head.get(topic)?.[0]);
    return asked.map(({ topic, key }) => rows.get(topic)?.get(key) ?? null);
  }

  async receipts(user: UserId, asked: readonly { readonly id: MutationId; readonly number: number }[]) {
    return this.#open.receipts.find(user, asked);
  }

  async commit(writes: readonly StoreWrite[], at: number) {
    const { sql, receipts, epoch, group } = this.#open;
    return group.run((careful) =>
      new SqliteCommit(sql, receipts, epoch, this.#random, at).run(writes, careful),
    );
  }

  async refuse(refusals: readonly StoredRefusal[], at: number) {
    const { receipts, group } = this.#open;
    return group.run(() => refusals.map((refusal) => receipts.refuse(refusal, at)));
  }

  async head(topic: Topic): Promise<Cursor> {
    const { sql, epoch } = this.#open;
    const [, offset, mark] = sql.head.get(topic) ?? [0, 0, ''];
    return { epoch, offset, mark: mark as Mark };
  }

  heads(topics: readonly Topic[]) {
    return Promise.all(topics.map((topic) => this.head(topic)));
  }

  async page(topic: Topic, after: RecordKey | null, bounds: PageBounds) {
    const { sql } = this.#open;
    const id = sql.head.get(topic)?.[0] ?? 0;
    const rows: Row[] = [];
    let last = after ?? '';
    let bytes = 0;
    // One more than is wanted: whether there is one says whether these were the last.
    for (const [key, record, version, attrs] of sql.page.each(id, last, bounds.rows + 1)) {
      if (rows.length >= bounds.rows || bytes >= bounds.bytes) return { rows, next: last as RecordKey };
      rows.push([record, version, JSON.parse(attrs)]);
      bytes += attrs.length;
      last = key;
    }
    return { rows, next: null };
  }

  async log(topic: Topic, cursor: Cursor, most = Number.POSITIVE_INFINITY) {
    const { sql, epoch } = this.#open;
    const { offset } = cursor;
    if (cursor.epoch !== epoch) return null;
    const [id, head, mark] = sql.head.get(topic) ?? [0, 0, ''];
    const [floor, floorMark] = sql.floorMark.get(id) ?? [0, ''];
    const found = offset === floor ? floorMark : sql.mark.get(id, offset)?.[0];
    if (found !== cursor.mark) return null;
    const lines = linesWithin(sql.log.each(id, offset, NO_LIMIT), most);
    return lines && missedOf(lines, { epoch, offset: head, mark: mark as Mark });
  }

  async number() {
    return this.#open.receipts.number();
  }

  async trim(bounds: TrimBounds) {
    const { sql, receipts } = this.#open;
    const inTurn = <T>(slice: () => T) => this.#open.group.run(slice);
    await trimSqlite(sql, receipts, bounds, inTurn);
    await compactSqlite(sql, this.#compacted, inTurn);
  }

  backup(to: string) {
    return backupOf(this.#open.db, to);
  }

  /** Offsets leave nothing out, and receipts' numbers hardly anything: nothing has to be counted. */
  async size() {
    const { sql, receipts } = this.#open;
    const [topics, log] = sql.size.get() ?? [0, 0];
    const [bytes] = sql.bytes.get() ?? [0];
    return { topics, log, receipts: receipts.number() - receipts.floor(), bytes };
  }

  async close() {
    const it = this.#it;
    if (!it) return;
    it.group.flush();
    this.#it = null;
    it.db.close();
  }

  get #open(): Open {
    assert(this.#it, 'the store is open');
    return this.#it;
  }

  #start(): Open {
    const database: { db: SqliteDatabase['db']; epoch: Epoch } = openDatabase(this.#file, this.#random);
    const sql = statements(database.db);
    const group = new GroupCommit({
      begin: () => sql.begin.run(),
      commit: () => sql.commit.run(),
      rollback: () => sql.rollback.run(),
    });
    return { ...database, sql, receipts: new SqliteReceipts(sql), group };
  }
}
