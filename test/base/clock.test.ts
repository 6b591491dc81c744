import { afterEach, expect, it, vi } from 'vitest';
import { systemClock } from '../../src/base/clock.ts';

afterEach(() => {
  vi.useRealTimers();
});

it('[OB11] waits for longer than a timer can count as long as it can, and not for no time', async () => {
  vi.useFakeTimers();
  const run = vi.fn();
  const cancel = systemClock.after(2 ** 40, run);
  vi.advanceTimersByTime(1_000_000);
  expect(run).not.toHaveBeenCalled();
  cancel();
});
