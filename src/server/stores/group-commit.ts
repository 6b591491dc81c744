interface Job {
  run(): void;
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

  /** Resolves with what `work` returned once it is on the disk. */
  run<T>(work: () => T): Promise<T> {
    if (this.#jobs.length === 0) setImmediate(() => this.flush());
    return new Promise((resolve, reject) => {
      let result: T;
      this.#jobs.push({
        run: () => {
          result = work();
        },
        resolve: () => resolve(result),
        reject,
      });
    });
  }

  flush(): void {
    const jobs = this.#jobs;
    this.#jobs = [];
    if (jobs.length === 0 || this.#together(jobs) === null) return;
    // One of them cannot be done: the others must not suffer for it.
    for (const job of jobs) {
      const failure = this.#together([job]);
      if (failure) job.reject(failure.error);
    }
  }

  /** Null = done. */
  #together(jobs: readonly Job[]): { readonly error: unknown } | null {
    const { begin, commit, rollback } = this.#transactions;
    try {
      begin();
      for (const job of jobs) job.run();
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
