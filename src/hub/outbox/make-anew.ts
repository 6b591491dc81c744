import type { Attributes } from '../../protocol/attributes.ts';
import type { MutationId } from '../../protocol/ids.ts';
import { edited, type Mutation } from '../../protocol/mutation.ts';
import type { HubContext } from '../context.ts';
import { keyOf } from '../view.ts';
import { type Entry, isThere, rowOf } from './entry.ts';

/**
 * The old mutations have their receipts for good, so what is tried once more gets ids of its own, in the old ones'
 * places. `unit`: one, or what is left of a batch, all of it.
 */
export function makeAnew(
  hub: HubContext,
  unit: readonly Entry[],
  editOf: (entry: Entry) => Attributes,
): void {
  const { outbox, outlet, journal, random } = hub;
  const author = random.id();
  const idAt = (n: number) => `${author}:${n}` as MutationId;
  for (const [i, entry] of unit.entries()) {
    const { batch: old, id } = entry.mutation;
    const next = { ...anew(hub, entry, editOf(entry)), id: idAt(i + 1) };
    const batch = old && { id: idAt(1), size: unit.length };
    outlet.gone(id);
    outbox.change(entry, { mutation: batch ? { ...next, batch } : next, phase: { type: 'queued' } });
    Object.assign(entry, { number: null, since: null, attempts: 0, unanswered: 0, old: false });
    outlet.item(entry);
    outlet.touch(entry.mutation.topic, keyOf(entry));
  }
  journal.write(unit.map((entry) => ({ type: 'putMutation', row: rowOf(entry) })));
}

function anew({ replica: { recordVersion } }: HubContext, entry: Entry, edit: Attributes): Mutation {
  const { mutation } = entry;
  // It was refused on the base that it had; what the user has seen since is what the server says now.
  const base = mutation.base === null && !isThere(entry) ? null : 'previous';
  const method = mutation.method === 'create' && isThere(entry) ? 'update' : mutation.method;
  const next = { ...mutation, method, base, set: edited(mutation.set, edit, []) } as const;
  // What its user has looked at and changed counts as what they see now.
  const isEdited = recordVersion > 0 && Object.keys(edit).length > 0;
  return isEdited ? { ...next, recordVersion } : next;
}
