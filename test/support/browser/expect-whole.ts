import { expect } from 'vitest';
import type { EngineTab } from '../engines/engine.ts';
import type { EngineWorld } from './engine-world.ts';
import { expectOnce } from './expect-once.ts';

/** So many writes have their effect, each once, all pages show it, and no page complained of anything. */
export async function expectWhole(
  world: Pick<EngineWorld, 'file' | 'complaints'>,
  pages: readonly EngineTab[],
  writes: number,
): Promise<void> {
  await expectOnce(world.file(), pages, writes);
  expect(world.complaints).toEqual([]);
}
