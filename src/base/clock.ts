/** Time comes in by the door: nothing under `src/` calls `Date.now` or `setTimeout` but the clock that it was handed. */
export interface Clock {
  /** Milliseconds since some fixed instant; only differences mean anything. */
  now(): number;
  /** Runs `fn` once, `ms` milliseconds from now, unless the returned function is called before. */
  after(ms: number, fn: () => void): Cancel;
}

export type Cancel = () => void;

/** Milliseconds, as many as a timer can count: one that is to wait for longer does not wait at all. */
const LONGEST = 2e9;

/** The clock of whatever context this runs in: page, worker or Node. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after(ms, fn) {
    const timer = setTimeout(fn, Math.min(ms, LONGEST));
    return () => clearTimeout(timer);
  },
};
