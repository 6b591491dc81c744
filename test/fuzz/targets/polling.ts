import type { RequestOptions } from 'node:http';
import { Poller, textOf } from '../../support/poller.ts';
import type { PollFrame } from '../frames/wire-frames.ts';

/** Mallory at a session of hers that polls, and at the next where that has ended. What she hears is kept. */
export class Polling {
  readonly #at: RequestOptions;
  readonly #heard: string[];
  #poller: Poller | null = null;
  /** Polls that have no answer yet. */
  readonly #waiting = new Set<Promise<void>>();

  constructor(at: RequestOptions, heard: string[]) {
    this.#at = at;
    this.#heard = heard;
  }

  async feed({ method, said }: PollFrame): Promise<void> {
    this.#poller ??= await Poller.join(this.#at, 'mallory');
    if (method === 'again') this.#poll(this.#poller);
    // A client that means well has one poll at a time.
    else if (method === 'GET') this.#waiting.size > 0 || this.#poll(this.#poller);
    else await this.#ask(this.#poller, method, said);
  }

  /** Ends its session. Resolves once nothing waits for an answer of it. */
  async end(): Promise<void> {
    const poller = this.#poller;
    if (poller) await this.#ask(poller, 'POST', '1');
    await Promise.all(this.#waiting);
  }

  #poll(poller: Poller): void {
    const answered = this.#ask(poller, 'GET').finally(() => this.#waiting.delete(answered));
    this.#waiting.add(answered);
  }

  /** What is refused was said to a session that has ended, or that ends by that. */
  async #ask(poller: Poller, method: string, said?: string): Promise<void> {
    try {
      const response = await poller.ask(method, said);
      this.#heard.push(await textOf(response));
      if (response.statusCode === 200) return;
    } catch {
      // It was hung up on.
    }
    if (this.#poller !== poller) return;
    this.#poller = null;
    await this.#ask(poller, 'POST', '1');
  }
}
