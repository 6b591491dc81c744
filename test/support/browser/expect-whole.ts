import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { expectOnce } from './expect-once.ts';
import type { World } from './world.ts';

/** So many writes have their effect, each once, all pages show it, and no page complained of anything. */
export async function expectWhole(world: World, pages: readonly Page[], writes: number): Promise<void> {
  await expectOnce(world.file(), pages, writes);
  expect(world.complaints).toEqual([]);
}
