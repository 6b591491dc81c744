import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { OrderArgs, OrderName, OrderResult } from './servers/child.ts';

interface Answer {
  readonly id: number;
  readonly result?: unknown;
  readonly error?: string;
}

/** A contestant's server in a process of its own. */
export class ServerProcess {
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
      for (const [id, answer] of this.#waiting) answer({ id, error: `The server ended with ${code}` });
    });
  }

  /** Starts it and answers where it listens. `execArgv` are options for Node, a profile's for one. */
  static async start(
    name: string,
    execArgv: string[] = [],
  ): Promise<{ server: ServerProcess; origin: string }> {
    const server = new ServerProcess(
      fork(fileURLToPath(new URL('servers/child.ts', import.meta.url)), [name], { execArgv }),
    );
    const port = await server.#wait(0);
    return { server, origin: `http://127.0.0.1:${port}` };
  }

  order<K extends OrderName>(name: K, ...args: OrderArgs<K>): Promise<OrderResult<K>> {
    const id = ++this.#last;
    this.#child.send({ id, name, args });
    return this.#wait(id) as Promise<OrderResult<K>>;
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
