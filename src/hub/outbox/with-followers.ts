import { type Entry, isOpenCreate } from './entry.ts';

/** What was to follow a create that never was has nothing to follow, up to another create of the record. */
export function withFollowers(entry: Entry, lane: readonly Entry[]): Entry[] {
  if (!isOpenCreate(entry)) return [entry];
  const later = lane.slice(lane.indexOf(entry) + 1);
  const next = later.findIndex(({ mutation }) => mutation.method === 'create');
  return [entry, ...later.slice(0, next < 0 ? later.length : next)];
}
