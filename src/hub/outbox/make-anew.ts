import type { Attributes } from '../../protocol/attributes.ts';
import type { MutationId } from '../../protocol/ids.ts';
import { edited } from '../../protocol/mutation.ts';
import type { HubContext } from '../context.ts';
import { keyOf } from '../view.ts';
import { type Entry, isThere, rowOf } from './entry.ts';

/** The old mutation has its receipt for good, so what is tried once more gets an id of its own, in the old one's place. */
export function makeAnew(hub: HubContext, entry: Entry, edit: Attributes): void {
  const { outbox, outlet, journal, random, replica } = hub;
  const { mutation } = entry;
  const id = `${random.id()}:1` as MutationId;
  // It was refused on the base that it had; what the user has seen since is what the server says now.
  const base = mutation.base === null && !isThere(entry) ? null : 'previous';
  const method = mutation.method === 'create' && isThere(entry) ? 'update' : mutation.method;
  const next = { ...mutation, id, method, base, set: edited(mutation.set, edit, []) } as const;
  // What its user has looked at and changed counts as what they see now.
  const { recordVersion } = replica;
  const isEdited = recordVersion > 0 && Object.keys(edit).length > 0;
  outlet.gone(mutation.id);
  outbox.change(entry, { mutation: isEdited ? { ...next, recordVersion } : next, phase: { type: 'queued' } });
  Object.assign(entry, { number: null, attempts: 0, unanswered: 0, old: false });
  journal.write([{ type: 'putMutation', row: rowOf(entry) }]);
  outlet.item(entry);
  outlet.touch(mutation.topic, keyOf(entry));
}
