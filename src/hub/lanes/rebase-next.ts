import type { Attributes } from '../../protocol/attributes.ts';
import type { Mutation } from '../../protocol/mutation.ts';
import type { HubContext } from '../context.ts';
import { type Entry, rowOf } from '../outbox/entry.ts';

const touched = ({ set, unset }: Mutation): Set<string> => new Set([...Object.keys(set), ...unset]);

/**
 * What was made on a write that was refused: that leaves the record as it found it, so its base and its old values are
 * the next one's. Without that the next would pass for a write on top of it, over what others had done.
 */
export function rebaseNext({ outbox, journal }: HubContext, refused: Entry): void {
  const lane = outbox.laneOf(refused);
  const next = lane[lane.indexOf(refused) + 1];
  if (next?.phase.type !== 'queued') return;
  const mutation = rebased(next.mutation, refused.mutation);
  if (mutation === next.mutation) return;
  outbox.change(next, { mutation });
  if (next.kept) journal.write([{ type: 'putMutation', row: rowOf(next) }]);
}

function rebased(next: Mutation, refused: Mutation): Mutation {
  if (next.base !== 'previous' || typeof refused.base !== 'number' || next.method === 'create') return next;
  const before = touched(refused);
  const was: Record<string, Attributes[string]> = {};
  for (const name of touched(next)) {
    const value = (before.has(name) ? refused : next).was[name];
    if (value !== undefined) was[name] = value;
  }
  return { ...next, base: refused.base, was };
}
