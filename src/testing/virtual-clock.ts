import type { Cancel, Clock } from '../base/clock.ts';

interface Timer {
  readonly at: number;
  readonly order: number;
  /** Undefined once it has run or was cancelled: it stays in the heap until its instant comes. */
  fn: (() => void) | undefined;
}

/** A clock that is turned by hand. Between two timers all microtasks run, and one turn of the event loop (fake-indexeddb needs it). */
export class VirtualClock implements Clock {
  #now = 1_000_000;
  #order = 0;
  /** A binary heap: the earliest first, of two at one instant the one that was set first. */
  #heap: Timer[] = [];

  now(): number {
    return this.#now;
  }

  after(ms: number, fn: () => void): Cancel {
    const timer: Timer = { at: this.#now + Math.max(0, ms), order: this.#order++, fn };
    this.#push(timer);
    return () => {
      timer.fn = undefined;
    };
  }

  /** Milliseconds until the next timer, or undefined. */
  get next(): number | undefined {
    const timer = this.#first();
    return timer && timer.at - this.#now;
  }

  /** Lets what is under way settle, then turns the clock by `ms`, running each timer at its instant. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    await settle();
    for (let timer = this.#first(); timer && timer.at <= end; timer = this.#first()) {
      this.#pop();
      this.#now = Math.max(this.#now, timer.at);
      const { fn } = timer;
      timer.fn = undefined;
      fn?.();
      await settle();
    }
    this.#now = end;
  }

  /** The machine sleeps for so long: what was due meanwhile runs when the clock is turned next, all at one instant. */
  sleep(ms: number): void {
    this.#now += ms;
  }

  #first(): Timer | undefined {
    while (this.#heap.length > 0 && !this.#heap[0]?.fn) this.#pop();
    return this.#heap[0];
  }

  #push(timer: Timer): void {
    const heap = this.#heap;
    let i = heap.push(timer) - 1;
    while (i > 0) {
      const up = (i - 1) >> 1;
      const parent = heap[up] as Timer;
      if (!before(timer, parent)) break;
      heap[i] = parent;
      i = up;
    }
    heap[i] = timer;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (!last || heap.length === 0) return;
    let i = 0;
    for (;;) {
      let child = 2 * i + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && before(heap[child + 1] as Timer, heap[child] as Timer)) child++;
      if (!before(heap[child] as Timer, last)) break;
      heap[i] = heap[child] as Timer;
      i = child;
    }
    heap[i] = last;
  }
}

const before = (a: Timer, b: Timer) => a.at < b.at || (a.at === b.at && a.order < b.order);

/** Lets all microtasks run, and what they lead to in this turn of the event loop. */
export function settle(): Promise<void> {
  return new Promise((resolve) => void soon(resolve));
}

/** Node's own, taken before a test puts a false one in its place, and known where it has already (by its `clock`). */
const soon =
  typeof setImmediate === 'function' && !('clock' in setImmediate)
    ? setImmediate
    : (fn: () => void) => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => {
          port1.close();
          fn();
        };
        port2.postMessage(null);
      };
