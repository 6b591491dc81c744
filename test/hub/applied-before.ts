import { expect } from 'vitest';
import type { HubWorld } from '../support/hub-world.ts';
import type { RawTab } from '../support/raw-tab.ts';

/** A write of the tab to record a is applied, and only then comes what `go` lets go. */
export async function appliedBefore(world: HubWorld, tab: RawTab, go: () => void): Promise<void> {
  await world.settle();
  tab.write({ record: 'a', base: 1, set: { title: 'Mine' } });
  await world.settle();
  expect(tab.story(1).at(-1)).toBe('settled applied');
  go();
  await world.settle();
}
