interface Job {
  run(careful: boolean): void;
  resolve(): void;
  reject(error: unknown): void;
}

/** What has to be done around a transaction. All synchronous. */
export interface Transactions {
  begin(): void;
  commit(): void;
  rollback(): void;
}

/** Does what came in one turn of the event loop in one transaction, so that many connections share one flush to the disk. */
export class GroupCommit {
  readonly #transactions: Transactions;
  #jobs: Job[] = [];

  constructor(transactions: Transactions) {
    this.#transactions = transactions;
  }

  /**
   * Resolves with what `work` returned once it is on the disk. Where the transaction fails, each is done again in one
   * of its own, `careful` this time: it may find out what in it cannot be done, and do the rest.
   */
  run<T>(work: (careful: boolean) => T): Promise<T> {
    if (this.#jobs.length === 0) setImmediate(() => this.flush());
    return new Promise((resolve, reject) => {
      let result: T;
      this.#jobs.push({
        run: (careful) => {
          result = work(careful);
        },
        resolve: () => resolve(result),
        reject,
      });
    });
  }

  flush(): void {
    const jobs = this.#jobs;
    this.#jobs = [];
    if (jobs.length === 0 || this.#together(jobs, false) === null) return;
    for (const job of jobs) {
      const failure = this.#together([job], true);
      if (failure) job.reject(failure.error);
    }
  }

  /** Null = done. */
  #together(jobs: readonly Job[], careful: boolean): { readonly error: unknown } | null {
    const { begin, commit, rollback } = this.#transactions;
    try {
      begin();
      for (const job of jobs) job.run(careful);
      commit();
    } catch (error) {
      try {
        rollback();
      } catch {
        // There was no transaction: it failed to begin, or ended itself.
      }
      return { error };
    }
    for (const job of jobs) job.resolve();
    return null;
  }
}
