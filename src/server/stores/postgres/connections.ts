import type { Clock } from '../../../base/clock.ts';
import { MedullaError } from '../../../protocol/errors.ts';
import { failureOf } from './failure-of.ts';
import type { PostgresClient, PostgresPool } from './postgres-pool.ts';

/** Asks the database one thing over the connection that was lent. */
export type Ask = <T>(text: string, values?: readonly unknown[]) => Promise<T[]>;

/** How long a free connection is waited for, and how long one is lent, in milliseconds. */
const PATIENCE = 5_000;
const LONGEST = 30_000;

/**
 * Lends connections of the application's pool. A pool that has none left, and a database that does not answer, are an
 * error after a while, and nothing that is waited for without end.
 */
export class Connections {
  readonly #pool: PostgresPool;
  readonly #clock: Clock;

  constructor(pool: PostgresPool, clock: Clock) {
    this.#pool = pool;
    this.#clock = clock;
    // An idle connection that dies: the next who asks gets another. Nobody listening would end the process.
    pool.on('error', ignore);
  }

  async use<T>(work: (ask: Ask) => Promise<T>): Promise<T> {
    const client = await this.#lend();
    client.on('error', ignore);
    let isBack = false;
    const giveBack = (destroy: boolean) => {
      if (isBack) return;
      isBack = true;
      cancel();
      if (!destroy) client.removeListener('error', ignore);
      client.release(destroy);
    };
    // Whatever is still asked over it then fails.
    const cancel = this.#clock.after(LONGEST, () => giveBack(true));
    try {
      const result = await work(async <T>(text: string, values?: readonly unknown[]) => {
        if (isBack) throw new MedullaError('retry', 'The database has not answered in time.');
        const { rows } = await client.query({
          text,
          rowMode: 'array',
          ...(values && { values: [...values] }),
        });
        return rows as T[];
      });
      giveBack(false);
      return result;
    } catch (error) {
      giveBack(failureOf(error) === 'gone');
      throw error;
    }
  }

  close(): void {
    this.#pool.removeListener('error', ignore);
  }

  #lend(): Promise<PostgresClient> {
    return new Promise((resolve, reject) => {
      let isLate = false;
      const cancel = this.#clock.after(PATIENCE, () => {
        isLate = true;
        reject(
          new MedullaError('retry', 'The pool has had no connection to the database to lend for 5 seconds.'),
        );
      });
      this.#pool.connect().then(
        (client) => {
          cancel();
          if (isLate) client.release();
          else resolve(client);
        },
        (error) => {
          cancel();
          reject(error);
        },
      );
    });
  }
}

const ignore = () => undefined;
