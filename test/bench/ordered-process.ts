import { type ChildProcess, fork } from 'node:child_process';

/** What a process of ours does when it is told to. What goes in and comes out is JSON. */
export type Orders = Readonly<Record<string, (...args: never[]) => Promise<unknown>>>;

interface Order {
  readonly id: number;
  readonly name: string;
  readonly args: readonly never[];
}

interface Answer {
  readonly id: number;
  readonly result?: unknown;
  readonly error?: string;
}

/** A process of its own that takes orders, from the side of whoever gives them. */
export class OrderedProcess<O extends Orders> {
  readonly pid: number;
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, (answer: Answer) => void>();
  #last = 0;

  private constructor(child: ChildProcess) {
    this.#child = child;
    this.pid = child.pid ?? 0;
    child.on('message', (answer: Answer) => {
      this.#waiting.get(answer.id)?.(answer);
      this.#waiting.delete(answer.id);
    });
    child.on('exit', (code) => {
      for (const [id, answer] of this.#waiting) answer({ id, error: `The process ended with ${code}` });
    });
  }

  /** Starts it, and answers with the first thing that it says too. `execArgv` are options for Node, a profile's for one. */
  static async start<O extends Orders>(file: string, args: readonly string[], execArgv: string[] = []) {
    const it = new OrderedProcess<O>(fork(file, args, { execArgv }));
    return { process: it, said: await it.#wait(0) };
  }

  order<K extends keyof O & string>(name: K, ...args: Parameters<O[K]>): Promise<Awaited<ReturnType<O[K]>>> {
    const id = ++this.#last;
    this.#child.send({ id, name, args });
    return this.#wait(id) as Promise<Awaited<ReturnType<O[K]>>>;
  }

  async close(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = new Promise<void>((resolve) => this.#child.once('exit', () => resolve()));
    // Not killed: a profile is written when it ends by itself.
    this.#child.disconnect();
    await ended;
  }

  async #wait(id: number): Promise<unknown> {
    const answer = await new Promise<Answer>((resolve) => this.#waiting.set(id, resolve));
    if (answer.error) throw new Error(answer.error);
    return answer.result;
  }
}

/** The other side: carries out what comes, and ends with whoever gave the orders. `first` is what is said first. */
export function takeOrders(orders: Orders, first: unknown): void {
  process.on('message', async ({ id, name, args }: Order) => {
    try {
      process.send?.({ id, result: await orders[name]?.(...args) });
    } catch (error) {
      process.send?.({ id, error: String((error as Error).stack ?? error) });
    }
  });
  process.on('disconnect', () => process.exit());
  process.send?.({ id: 0, result: first });
}
