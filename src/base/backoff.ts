import type { Random } from './random.ts';

/** Bounds of a wait, in milliseconds. */
export interface BackoffBounds {
  readonly base: number;
  readonly cap: number;
}

/**
 * How long to wait before attempt number `attempt` (0 = the first retry), in milliseconds: "full jitter", a uniform
 * draw between 0 and the exponential bound, so that many clients that lost one server do not return in step.
 */
export function backoff(attempt: number, { base, cap }: BackoffBounds, random: Random): number {
  return random.next() * Math.min(cap, base * 2 ** Math.min(attempt, 30));
}
