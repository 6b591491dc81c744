import { type Entry, isOpenCreate } from '../outbox/entry.ts';
import type { Outbox } from '../outbox/outbox.ts';

/**
 * What goes with it: the rest of its batch; and what was to follow a create that never was has nothing to follow, up to
 * another create of the record.
 */
export function withFollowers(entry: Entry, outbox: Outbox): Entry[] {
  const all = new Set(outbox.unitOf(entry));
  // Those that are added are looked at, too.
  for (const one of all)
    for (const follower of followers(one, outbox.laneOf(one)))
      for (const member of outbox.unitOf(follower)) all.add(member);
  return [...all];
}

function followers(entry: Entry, lane: readonly Entry[]): readonly Entry[] {
  if (!isOpenCreate(entry)) return [];
  const later = lane.slice(lane.indexOf(entry) + 1);
  const next = later.findIndex(({ mutation }) => mutation.method === 'create');
  return later.slice(0, next < 0 ? later.length : next);
}
