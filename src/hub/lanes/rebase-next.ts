import { rebased } from '../../protocol/laying.ts';
import type { HubContext } from '../context.ts';
import { type Entry, rowOf } from '../outbox/entry.ts';

/** What was made on a write that was refused is made on what that one was made on. */
export function rebaseNext({ outbox, journal }: HubContext, refused: Entry): void {
  const lane = outbox.laneOf(refused);
  const next = lane[lane.indexOf(refused) + 1];
  if (next?.phase.type !== 'queued') return;
  const mutation = rebased(next.mutation, refused.mutation);
  if (mutation === next.mutation) return;
  outbox.change(next, { mutation });
  if (next.kept) journal.write([{ type: 'putMutation', row: rowOf(next) }]);
}
