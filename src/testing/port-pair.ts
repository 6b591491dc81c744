import type { Port } from '../protocol/port.ts';

/** Two ports that are joined: messages are cloned and arrive in order, one microtask later. */
export function portPair(): [Port, Port] {
  const a = new End();
  const b = new End();
  a.other = b;
  b.other = a;
  return [a, b];
}

class End implements Port {
  other: End | undefined;
  #listener: ((message: unknown) => void) | undefined;
  #waiting: unknown[] = [];
  #closed = false;

  post(message: unknown): void {
    const copy = structuredClone(message);
    if (!this.#closed) queueMicrotask(() => this.other?.receive(copy));
  }

  listen(fn: (message: unknown) => void): void {
    this.#listener = fn;
    for (const message of this.#waiting.splice(0)) fn(message);
  }

  receive(message: unknown): void {
    if (this.#closed) return;
    if (this.#listener) this.#listener(message);
    else this.#waiting.push(message);
  }

  close(): void {
    this.#closed = true;
  }
}
