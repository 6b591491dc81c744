/** Memory of a bounded size that several share. */
export class Room {
  readonly #size: number;
  #taken = 0;

  constructor(size: number) {
    this.#size = size;
  }

  /** False where there is not so much left: then nothing is taken. */
  take(size: number): boolean {
    if (this.#taken + size > this.#size) return false;
    this.#taken += size;
    return true;
  }

  give(size: number): void {
    this.#taken -= size;
  }
}
