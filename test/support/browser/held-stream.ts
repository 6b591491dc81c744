import type { Socket } from 'node:net';

/** One way of one connection: passes the bytes on, late if it is told to, and keeps them while it is held. */
export class HeldStream {
  delay = 0;
  readonly #to: Socket;
  readonly #waiting: Buffer[] = [];
  #held = false;

  constructor(from: Socket, to: Socket, count: (size: number) => void) {
    this.#to = to;
    from.on('data', (piece: Buffer) => {
      count(piece.length);
      if (this.delay > 0) setTimeout(() => this.#pass(piece), this.delay);
      else this.#pass(piece);
    });
  }

  set held(held: boolean) {
    this.#held = held;
    if (!held) for (const piece of this.#waiting.splice(0)) this.#pass(piece);
  }

  #pass(piece: Buffer): void {
    if (this.#held) this.#waiting.push(piece);
    else if (!this.#to.destroyed) this.#to.write(piece);
  }
}
