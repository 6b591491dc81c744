import { MedullaError } from '../../protocol/errors.ts';

/** A connection may say who it is again and again, and each time the application is asked: one time after the other. */
export class OneAtATime {
  readonly #asking = new WeakSet<object>();

  async run<T>(conn: { close(): unknown }, ask: () => Promise<T>): Promise<T> {
    if (this.#asking.has(conn)) {
      conn.close();
      throw new MedullaError('rate', 'A connection says who it is one time after the other.');
    }
    this.#asking.add(conn);
    try {
      return await ask();
    } finally {
      this.#asking.delete(conn);
    }
  }
}
