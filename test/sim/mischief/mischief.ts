import { DEPLOY_MISCHIEF } from './deploy-mischief.ts';
import { HUB_MISCHIEF } from './hub-mischief.ts';
import { NETWORK_MISCHIEF } from './network-mischief.ts';
import { NODE_MISCHIEF } from './node-mischief.ts';
import type { Place } from './place.ts';
import { POISON } from './poison.ts';
import { RIGHTS_MISCHIEF } from './rights-mischief.ts';
import { SERVER_MISCHIEF } from './server-mischief.ts';
import { TAB_MISCHIEF } from './tab-mischief.ts';

/** What can go wrong, each by a throw of dice. Whatever it does is undone later by itself, or by `heal`. */
const KINDS: Readonly<Record<string, (place: Place) => void>> = {
  ...NETWORK_MISCHIEF,
  ...SERVER_MISCHIEF,
  ...HUB_MISCHIEF,
  ...TAB_MISCHIEF,
  ...POISON,
  ...NODE_MISCHIEF,
  ...RIGHTS_MISCHIEF,
  ...DEPLOY_MISCHIEF,
};

/** What came to the world late: it is done by steps of its own, so that runs without it are what they were. */
export const LATER: readonly string[] = ['shortTokens', ...Object.keys(DEPLOY_MISCHIEF)];

/** What came later yet. */
export const RESTORES: readonly string[] = ['restore'];

/** What is done only where there are several nodes: runs of one node are the same with it and without. */
export const AMONG_NODES: readonly string[] = Object.keys(NODE_MISCHIEF);

/** What is done only where there are shares. */
export const AMONG_SHARES: readonly string[] = Object.keys(RIGHTS_MISCHIEF);

const APART = [...LATER, ...RESTORES, ...AMONG_NODES, ...AMONG_SHARES];

export const MISCHIEF: readonly string[] = Object.keys(KINDS).filter((name) => !APART.includes(name));

/** Does it, if it is one. */
export function mischief(name: string, place: Place): void {
  KINDS[name]?.(place);
}
