import type { HubContext } from '../context.ts';
import { type Entry, rowOf } from '../outbox/entry.ts';
import type { Op } from '../storage.ts';
import { resize } from './resize.ts';

/** Another takes its place: the rest of its batch is one without it. */
export function leaveBatch({ outbox, outlet }: HubContext, entry: Entry, ops: Op[]): void {
  const { batch, ...mutation } = entry.mutation;
  if (!batch) return;
  const rest = outbox.unitOf(entry).filter((other) => other !== entry);
  outbox.change(entry, { mutation });
  resize(outbox, rest);
  for (const other of rest) {
    outlet.item(other);
    if (other.kept) ops.push({ type: 'putMutation', row: rowOf(other) });
  }
}
