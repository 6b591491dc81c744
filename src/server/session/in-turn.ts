const DONE: Promise<void> = Promise.resolve();
const nothing = (): void => undefined;

/** Runs what it is given one after the other; one that fails hinders no other. What came of it is not kept. */
export class InTurn {
  #last = DONE;

  run<T>(fn: () => Promise<T>): Promise<T> {
    const result = this.#last.then(fn);
    const last = result.then(nothing, nothing);
    this.#last = last;
    // An idle connection has thousands like it: it holds on to nothing.
    void last.then(() => {
      if (this.#last === last) this.#last = DONE;
    });
    return result;
  }
}
