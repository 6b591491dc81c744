import { MedullaError } from '../../../protocol/errors.ts';

interface Waiting {
  readonly who: object | undefined;
  send(): void;
  resolve(answer: unknown): void;
  reject(error: MedullaError): void;
}

/**
 * Calls over a wire whose answers are told apart by a name alone: those of one name wait for each other, so that their
 * answers cannot cross. Calls of different names do not.
 */
export class Turns {
  readonly #lines = new Map<string, Waiting[]>();
  #ended = false;

  /** What came under this name in answer; `send` is called when it is this call's turn. */
  ask(name: string, send: () => void, who?: object): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (this.#ended) throw gone();
      const line = this.#lines.get(name) ?? [];
      this.#lines.set(name, line);
      if (line.push({ who, send, resolve, reject }) === 1) send();
    });
  }

  /** It waits no more: those behind it do not wait for its answer either. */
  leave(who: object): void {
    for (const [name, line] of this.#lines) {
      const place = line.findIndex((one) => one.who === who);
      if (place === 0) this.#next(name, line);
      else if (place > 0) line.splice(place, 1);
    }
  }

  /** Whether somebody waited for it. */
  answer(name: string, answer: unknown): boolean {
    const line = this.#lines.get(name);
    if (!line?.[0]) return false;
    const [first] = line;
    this.#next(name, line);
    first.resolve(answer);
    return true;
  }

  #next(name: string, line: Waiting[]): void {
    line.shift();
    if (line[0]) line[0].send();
    else this.#lines.delete(name);
  }

  /** The link is gone, and every answer with it. */
  end(): void {
    this.#ended = true;
    for (const line of this.#lines.values()) for (const { reject } of line) reject(gone());
    this.#lines.clear();
  }
}

const gone = () => new MedullaError('unreachable', 'The connection to the server is not open');
