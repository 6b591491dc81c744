import { assert } from '../../../base/assert.ts';
import type { Clock } from '../../../base/clock.ts';
import type { Random } from '../../../base/random.ts';
import type { Cursor, Row } from '../../../protocol/change.ts';
import { MedullaError } from '../../../protocol/errors.ts';
import type { Epoch, Mark, MutationId, RecordId, RecordKey, Topic, UserId } from '../../../protocol/ids.ts';
import { type LogRow, missedOf } from '../../commit/log-row.ts';
import { nodeClock } from '../../node/node-clock.ts';
import { badOption, checkOptions, found } from '../../options/check-options.ts';
import { aFlag, having } from '../../options/rules.ts';
import { pooledRandom } from '../../pooled-random.ts';
import type { PageBounds, Store, StoredRefusal, StoreWrite, TrimBounds } from '../../store.ts';
import { again } from '../again.ts';
import { CommitGroups } from './commit-groups.ts';
import { type Ask, Connections } from './connections.ts';
import { failureOf } from './failure-of.ts';
import { migrate } from './migrate.ts';
import { commitWorks } from './postgres-commit.ts';
import { compactPostgres } from './postgres-compact.ts';
import type { PostgresPool } from './postgres-pool.ts';
import { findReceipts, newestReceipt, refuse } from './postgres-receipts.ts';
import { BEGIN, DURABLE, HEADS, LOG, PAGE, READ, SIZE } from './postgres-statements.ts';
import { trimPostgres } from './postgres-trim.ts';
import { ReceiptNumber } from './receipt-number.ts';

export interface PostgresOptions {
  /** false: the schema is only looked at, and you run `npx backbone-medulla sql` yourself. */
  readonly migrate?: boolean;
  readonly random?: Random;
  readonly clock?: Clock;
}

/**
 * A store in PostgreSQL, from 13 on, that any number of nodes may share. `pool` is a `Pool` of `pg`, and stays yours: closing the
 * store leaves it open. Its tables begin with `medulla_`, and lie where the pool's `search_path` says.
 */
export function postgresStore(pool: PostgresPool, options: PostgresOptions = {}): Store {
  if (!isPool.fits(pool)) throw badOption(`postgresStore takes ${isPool.words}: found ${found(pool)}.`);
  checkOptions('postgresStore', options, rules);
  return new PostgresStore(pool, options);
}

const isPool = having("a Pool of the package 'pg'", 'connect', 'on', 'removeListener');
const rules = {
  migrate: aFlag,
  random: having('an object with next() and id()', 'next', 'id'),
  clock: having('an object with now() and after()', 'now', 'after'),
};

interface Open {
  readonly epoch: Epoch;
  readonly connections: Connections;
  readonly number: ReceiptNumber;
  readonly groups: CommitGroups;
}

/** The topic's head, the mark at the cursor, and a line of the log after it; nulls where there is none. */
type Line = readonly [
  head: string,
  mark: Mark,
  held: string | null,
  offset: string | null,
  key: string,
  isNumber: boolean,
  attrs: string | null,
  unset: string | null,
  was: string | null,
  /** Of this line and all before it. */
  bytes: string | null,
];

class PostgresStore implements Store {
  readonly #pool: PostgresPool;
  readonly #options: Required<PostgresOptions>;
  /** How far each topic's log has been compacted by this process. */
  readonly #compacted = new Map<number, number>();
  #it: Promise<Open> | null = null;
  #open: Open | null = null;

  constructor(
    pool: PostgresPool,
    { migrate = true, random = pooledRandom, clock = nodeClock }: PostgresOptions,
  ) {
    this.#pool = pool;
    this.#options = { migrate, random, clock };
  }

  async open() {
    this.#it ??= again(this.#options, triesToOpen, () => this.#start());
    try {
      this.#open = await this.#it;
    } catch (error) {
      this.#it = null;
      throw error;
    }
    return { epoch: this.#open.epoch };
  }

  async read(asked: readonly { readonly topic: Topic; readonly key: RecordKey }[]) {
    return this.#use(async (ask) => {
      const rows: (Row | null)[] = asked.map(() => null);
      const values = [asked.map(({ topic }) => topic), asked.map(({ key }) => key)];
      for (const [ord, isNumber, version, attrs] of await ask<[string, boolean, string, string]>(
        READ,
        values,
      )) {
        const at = Number(ord) - 1;
        rows[at] = [idOf(asked[at]?.key ?? '', isNumber), Number(version), JSON.parse(attrs)];
      }
      return rows;
    });
  }

  async receipts(user: UserId, asked: readonly { readonly id: MutationId; readonly number: number }[]) {
    return this.#use((ask) => findReceipts(ask, user, asked));
  }

  async commit(writes: readonly StoreWrite[], at: number) {
    return this.#opened.groups.add(writes, Math.floor(at));
  }

  async refuse(refusals: readonly StoredRefusal[], at: number) {
    const { number } = this.#opened;
    // Two that refuse the same in another order, or a commit in between, may be in each other's way.
    const tries = (error: unknown) => (failureOf(error) === 'again' ? 8 : 1);
    return again(this.#options, tries, () =>
      this.#use((ask) => refuse(ask, number, refusals, Math.floor(at))),
    );
  }

  async head(topic: Topic): Promise<Cursor> {
    const [head] = await this.heads([topic]);
    assert(head, 'there is a head for each topic');
    return head;
  }

  async heads(topics: readonly Topic[]): Promise<readonly Cursor[]> {
    const { epoch } = this.#opened;
    return this.#use(async (ask) => {
      const rows = await ask<[Topic, string, Mark]>(HEADS, [topics]);
      const heads = new Map(
        rows.map(([topic, offset, mark]) => [topic, { epoch, offset: Number(offset), mark }]),
      );
      return topics.map((topic) => heads.get(topic) ?? { epoch, offset: 0, mark: '' as Mark });
    });
  }

  async page(topic: Topic, after: RecordKey | null, bounds: PageBounds) {
    return this.#use(async (ask) => {
      const found = await ask<[RecordKey, boolean, string, string, boolean]>(PAGE, [
        topic,
        after ?? '',
        bounds.rows,
        bounds.bytes,
      ]);
      const rows = found.map(
        ([key, isNumber, version, attrs]): Row => [idOf(key, isNumber), Number(version), JSON.parse(attrs)],
      );
      const last = found.at(-1);
      return { rows, next: last?.[4] ? last[0] : null };
    });
  }

  async log(topic: Topic, cursor: Cursor, most = Number.MAX_SAFE_INTEGER) {
    const { epoch } = this.#opened;
    return this.#use(async (ask) => {
      if (cursor.epoch !== epoch || !Number.isSafeInteger(cursor.offset)) return null;
      const rows = await ask<Line>(LOG, [topic, cursor.offset, cursor.mark, most]);
      const [head, mark, held] = rows[0] ?? ['0', '' as Mark, cursor.offset === 0 ? '' : null];
      if (held !== cursor.mark || Number(rows.at(-1)?.[9] ?? 0) > most) return null;
      const lines = rows.flatMap(([, , , offset, key, isNumber, attrs, unset, was]): LogRow[] =>
        offset === null ? [] : [[Number(offset), idOf(key, isNumber), attrs, unset, was]],
      );
      return missedOf(lines, { epoch, offset: Number(head), mark });
    });
  }

  async number() {
    return this.#opened.number.current();
  }

  async trim(bounds: TrimBounds) {
    // Each piece over a connection of its own: all of them may take longer than one is lent.
    await trimPostgres((text, values) => this.#use((ask) => ask(text, values)), bounds);
    await compactPostgres((work) => this.#use(work), this.#compacted);
  }

  async size() {
    return this.#use(async (ask) => {
      const [topics, log, receipts, bytes] = (await ask<readonly string[]>(SIZE))[0] ?? [];
      return { topics: Number(topics), log: Number(log), receipts: Number(receipts), bytes: Number(bytes) };
    });
  }

  async close() {
    const open = this.#open;
    this.#it = this.#open = null;
    if (!open) return;
    await open.groups.idle();
    open.connections.close();
  }

  #use<T>(work: (ask: Ask) => Promise<T>): Promise<T> {
    return this.#opened.connections.use(work);
  }

  get #opened(): Open {
    assert(this.#open, 'the store is open');
    return this.#open;
  }

  async #start(): Promise<Open> {
    const { random, clock } = this.#options;
    const connections = new Connections(this.#pool, clock);
    try {
      return await connections.use(async (ask) => {
        const epoch = await migrate(ask, this.#options.migrate);
        const [isDurable] = await ask<[boolean]>("SELECT current_setting('synchronous_commit') <> 'off'");
        const begin = isDurable?.[0] ? BEGIN : `${BEGIN}; ${DURABLE}`;
        const number = new ReceiptNumber(clock, () => connections.use(newestReceipt));
        const numbered = (newest: number) => number.given(newest);
        const parts = { connections, clock, random, epoch, begin, numbered };
        const groups = new CommitGroups((works) => commitWorks(parts, works));
        return { epoch, connections, number, groups };
      });
    } catch (error) {
      connections.close();
      throw error;
    }
  }
}

/** A database that is being started itself is waited for, for some seconds. */
const triesToOpen = (error: unknown): number =>
  failureOf(error) === 'gone' && !(error instanceof MedullaError) ? 10 : 1;

const idOf = (key: string, isNumber: boolean): RecordId => (isNumber ? Number(key) : key);
