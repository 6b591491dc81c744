import type { Topic } from '../../../protocol/ids.ts';
import type { StoreOutcome, StoreWrite } from '../../store.ts';
import type { Work } from './postgres-commit.ts';

interface Waiting extends Work {
  readonly topics: readonly Topic[];
  resolve(outcomes: readonly StoreOutcome[]): void;
  reject(error: unknown): void;
}

/** Transactions of one node at a time, and writes in one of them. */
const MOST_GROUPS = 4;
const MOST_WRITES = 2_000;

/**
 * Has many commits share a transaction: what comes while one runs waits for the next. Two of one node never write the
 * same topic at once, since the one would only wait for the other's lock; what others of the node write need not wait.
 */
export class CommitGroups {
  readonly #commit: (works: readonly Work[]) => Promise<readonly (readonly StoreOutcome[])[]>;
  readonly #busy = new Set<Topic>();
  readonly #running = new Set<Promise<void>>();
  #waiting: Waiting[] = [];

  constructor(commit: (works: readonly Work[]) => Promise<readonly (readonly StoreOutcome[])[]>) {
    this.#commit = commit;
  }

  add(writes: readonly StoreWrite[], at: number): Promise<readonly StoreOutcome[]> {
    if (this.#waiting.length === 0) setImmediate(() => this.#start());
    const topics = [...new Set(writes.map(({ topic }) => topic))];
    return new Promise((resolve, reject) => {
      this.#waiting.push({ writes, at, topics, resolve, reject });
    });
  }

  /** Resolves once nothing waits and nothing runs. */
  async idle(): Promise<void> {
    this.#start();
    while (this.#running.size > 0) await Promise.all(this.#running);
  }

  #start(): void {
    while (this.#running.size < MOST_GROUPS) {
      const group = this.#next();
      if (group.length === 0) return;
      const run: Promise<void> = this.#run(group).finally(() => {
        this.#running.delete(run);
        this.#start();
      });
      this.#running.add(run);
    }
  }

  /** What may begin now. What has to wait is overtaken by nobody who writes one of its topics. */
  #next(): Waiting[] {
    const held = new Set(this.#busy);
    const group: Waiting[] = [];
    let count = 0;
    this.#waiting = this.#waiting.filter((work) => {
      const isFree = count < MOST_WRITES && !work.topics.some((topic) => held.has(topic));
      if (!isFree) for (const topic of work.topics) held.add(topic);
      else {
        group.push(work);
        count += work.writes.length;
      }
      return !isFree;
    });
    for (const { topics } of group) for (const topic of topics) this.#busy.add(topic);
    return group;
  }

  async #run(group: readonly Waiting[]): Promise<void> {
    try {
      const outcomes = await this.#commit(group);
      for (const [at, work] of group.entries()) work.resolve(outcomes[at] ?? []);
    } catch (error) {
      for (const work of group) work.reject(error);
    }
    for (const { topics } of group) for (const topic of topics) this.#busy.delete(topic);
  }
}
