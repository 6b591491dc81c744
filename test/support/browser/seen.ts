import type { EngineTab } from '../engines/engine.ts';
import { until } from '../until.ts';

/** Waits until something holds in the page: also in one that is hidden, where Playwright's own waiting sleeps. */
export function seen<A = undefined>(
  tab: EngineTab,
  condition: (arg: A) => unknown,
  arg?: A,
): Promise<unknown> {
  return until(String(condition), () => tab.evaluate(condition as (arg: unknown) => unknown, arg));
}
