import { isAlso } from '../also.ts';
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
};

/**
 * What is known not to hold yet is done only where SIM_ALSO names it. `restore`: a row that is ahead of its topic's
 * cursor, and of a branch of the log that is no more, stays where the cursor itself holds.
 */
const NOT_YET = ['restore'].filter((name) => !isAlso(name));

/** What is done only where there are several nodes: runs of one node are the same with it and without. */
export const AMONG_NODES: readonly string[] = Object.keys(NODE_MISCHIEF);

/** What is done only where there are shares. */
export const AMONG_SHARES: readonly string[] = Object.keys(RIGHTS_MISCHIEF);

export const MISCHIEF: readonly string[] = Object.keys(KINDS).filter(
  (name) => !NOT_YET.includes(name) && !AMONG_NODES.includes(name) && !AMONG_SHARES.includes(name),
);

/** Does it, if it is one. */
export function mischief(name: string, place: Place): void {
  KINDS[name]?.(place);
}
