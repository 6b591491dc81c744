import type { HubContext } from '../context.ts';
import { rowOf } from '../outbox/entry.ts';
import type { Op } from '../storage.ts';
import type { Seal } from '../users/seal.ts';

/** The steps that put on a disk all that the memory has: what nobody else has, and the replica. */
export function everything(
  { outbox, aliases, replica, clock }: HubContext,
  seal: Seal,
): {
  readonly own: readonly Op[];
  readonly replica: readonly Op[];
} {
  const own = [...seal.anew(), ...aliases.anew()];
  // What took the place of a refused one and is not to be on the disk has left that one there.
  for (const entry of outbox.entries())
    for (const one of entry.kept ? [entry] : entry.replaced)
      own.push({ type: 'putMutation', row: rowOf(one) });
  const { recordVersion } = replica;
  if (recordVersion > 0) own.push({ type: 'putRecordVersion', recordVersion });
  return { own, replica: replica.anew(clock.now()) };
}
