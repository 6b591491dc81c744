import type { Clock } from '../../base/clock.ts';

/** Node's clock. Its timers do not keep a process alive that has nothing else to do. */
export const nodeClock: Clock = {
  now: () => Date.now(),
  after(ms, fn) {
    const timer = setTimeout(fn, ms).unref();
    return () => clearTimeout(timer);
  },
};
