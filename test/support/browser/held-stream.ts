import type { Socket } from 'node:net';

/** One way of one connection: passes the bytes on in order, late if it is told to, and keeps them while it is held. */
export class HeldStream {
  delay = 0;
  readonly #to: Socket;
  readonly #waiting: Buffer[] = [];
  #held = false;
  /** Pieces that are late. */
  #late = 0;
  #latest = 0;

  constructor(from: Socket, to: Socket, count: (size: number) => void) {
    this.#to = to;
    from.on('data', (piece: Buffer) => {
      count(piece.length);
      // What comes after a late piece is no earlier than that one, whatever it is told meanwhile.
      this.#latest = this.#late > 0 ? Math.max(this.delay, this.#latest) : this.delay;
      if (this.#latest === 0) {
        this.#pass(piece);
        return;
      }
      this.#late += 1;
      setTimeout(() => {
        this.#late -= 1;
        this.#pass(piece);
      }, this.#latest);
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
