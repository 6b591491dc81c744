import type { Clock } from '../../base/clock.ts';
import type { Log } from '../../base/log.ts';
import { ToldOnce } from '../admission/told-once.ts';
import { flexibleRate } from './flexible-rate.ts';
import type { Rate } from './rate.ts';
import type { RateName, RateOptions } from './rates.ts';

const NAMES: readonly RateName[] = ['writes', 'reads', 'messages'];

/** What is to count what the options name. */
export function ratesOf(options: RateOptions = {}, { clock, log }: { clock: Clock; log: Log }) {
  const told = new ToldOnce(clock);
  const failed = (error: unknown) => {
    const { message } = error as Error;
    log(told.isNew(message) ? 'error' : 'debug', 'rate-not-shared', { error });
  };
  const rates: Partial<Record<RateName, Rate>> = {};
  for (const name of NAMES) {
    const rate = options[name];
    if (rate !== undefined) rates[name] = flexibleRate({ name, rate, redis: options.redis, failed });
  }
  return rates;
}
