import type { Attributes } from '../../protocol/attributes.ts';
import type { HubContext } from '../context.ts';
import type { Entry } from '../outbox/entry.ts';
import { makeAnew } from '../outbox/make-anew.ts';

/** What was withdrawn to be sent anew goes, once all of its batch is: together, under their new ids. */
export function goOnWithdrawn(hub: HubContext, entry: Entry): void {
  const edits = new Map<Entry, Attributes>();
  for (const one of hub.outbox.unitOf(entry)) {
    const { phase } = one;
    if (phase.type !== 'withdrawing' || !phase.edit) continue;
    if (!phase.over) return;
    edits.set(one, phase.edit);
  }
  if (edits.size > 0) makeAnew(hub, [...edits.keys()], (one) => edits.get(one) ?? {});
}
