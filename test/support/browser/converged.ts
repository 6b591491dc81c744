import type { EngineTab } from '../engines/engine.ts';
import { until } from '../until.ts';

/** All tabs show the same models. Resolves with them as one text. */
export function converged(tabs: readonly EngineTab[]): Promise<string> {
  return until('all tabs show the same', async () => {
    const snapshots = await Promise.all(tabs.map((tab) => tab.evaluate(() => t.snapshot())));
    return snapshots.every((snapshot) => snapshot === snapshots[0]) && snapshots[0];
  });
}
