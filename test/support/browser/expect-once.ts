import { expect } from 'vitest';
import type { EngineTab } from '../engines/engine.ts';
import { converged } from './converged.ts';
import { seen } from './seen.ts';
import { appliedMutations, savedCards, unexplainedEffects } from './server-database.ts';

/** Nothing is under way any more in these tabs; so many writes (as many as there are) have their effect, each once, and all show what the server has. */
export async function expectOnce(file: string, tabs: readonly EngineTab[], writes?: number): Promise<void> {
  await Promise.all(tabs.map((tab) => seen(tab, () => t.pending() === 0 && t.status().pending === 0)));
  const ids = appliedMutations(file).map(({ id }) => id);
  expect([ids.length, new Set(ids).size]).toEqual([writes ?? ids.length, ids.length]);
  expect(unexplainedEffects(file)).toEqual([]);
  expect(await converged(tabs)).toBe(savedCards(file));
}
