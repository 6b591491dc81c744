import type { Target } from './target.ts';
import { dialects } from './targets/dialects.ts';
import { hubServer } from './targets/hub-server.ts';
import { hubTabs } from './targets/hub-tabs.ts';
import { live } from './targets/live-changes.ts';
import { nodes } from './targets/nodes.ts';
import { page } from './targets/page.ts';
import { parsers } from './targets/parsers.ts';
import { sessions } from './targets/session.ts';
import { stores } from './targets/stores.ts';
import { wire } from './targets/wire.ts';

/** All that is fed. */
export const targets: readonly Target[] = [
  parsers(),
  live,
  dialects,
  ...sessions(),
  hubTabs,
  hubServer,
  page,
  nodes,
  wire,
  stores,
];

/** How many frames a run of the tests feeds: a million and more, most of them to what takes microseconds. */
export const FRAMES = { parsers: 950_000, handlers: 60_000 } as const;

export function byName(...names: readonly string[]): Target[] {
  return names.map((wanted) => {
    const target = targets.find(({ name }) => name === wanted);
    if (!target) throw new Error(`There is no target ${wanted}`);
    return target;
  });
}
