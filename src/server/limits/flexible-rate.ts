import {
  RateLimiterMemory,
  RateLimiterRedis,
  RateLimiterRes,
  RLWrapperTimeouts,
} from 'rate-limiter-flexible';
import type { Rate, RateOption } from './rate.ts';

/** For how long Redis may think about it, in milliseconds. */
const PATIENCE = 1_000;

export interface FlexibleRateOptions {
  /** Names what is counted, in Redis. */
  readonly name: string;
  readonly rate: RateOption;
  /** A connection of ioredis or node-redis, in which all nodes count together. */
  readonly redis?: unknown;
  /** Is told what is wrong with it. */
  readonly failed: (error: unknown) => void;
}

/** Counts in windows of fixed length, which begin with the first that is done. While Redis is gone, each node counts by itself. */
export function flexibleRate({ name, rate, redis, failed }: FlexibleRateOptions): Rate {
  const { count: points, seconds: duration } = typeof rate === 'number' ? { count: rate, seconds: 1 } : rate;
  const bounds = { points, duration, keyPrefix: `medulla-${name}` };
  const own = new RateLimiterMemory(bounds);
  const shared =
    redis === undefined
      ? null
      : new RLWrapperTimeouts({
          limiter: new RateLimiterRedis({ ...bounds, storeClient: redis, rejectIfRedisNotReady: true }),
          timeoutMs: PATIENCE,
        });

  async function counted(who: string, count: number): Promise<RateLimiterRes> {
    if (shared) {
      try {
        return await shared.consume(who, count);
      } catch (error) {
        if (error instanceof RateLimiterRes) return error;
        failed(error);
      }
    }
    return own.consume(who, count).catch((over: RateLimiterRes) => over);
  }

  return {
    async take(who, count) {
      const { consumedPoints, msBeforeNext } = await counted(who, count);
      const over = Math.max(0, consumedPoints - points);
      return { allowed: Math.max(0, count - over), after: Math.max(1, msBeforeNext) };
    },
  };
}
