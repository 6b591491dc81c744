import { mutationWith } from '../../protocol/aliases/mutation-with.ts';
import { offerParts } from '../batches/offer-parts.ts';
import type { HubContext } from '../context.ts';
import { type Entry, freshEntry, phaseOf } from '../outbox/entry.ts';
import type { OutboxRow } from '../storage.ts';
import { keyOf } from '../view.ts';

/** Takes in what an earlier hub left, or was saved elsewhere, and has it shown; `durable` = it is on the disk. */
export function restore(hub: HubContext, rows: readonly OutboxRow[], durable = true): void {
  const { outbox, replica, aliases, journal, outlet } = hub;
  for (const row of rows) {
    const { order, number, attempts, behind = [] } = row;
    for (const one of behind) if (!outbox.known(one.id)) outbox.addOrphan(mutationWith(one, aliases.real()));
    const mutation = mutationWith(row.mutation, aliases.real());
    const phase = phaseOf(row, replica.epoch(mutation.topic));
    const place = { order, attempts, old: true, shown: true, durable, since: number, behind };
    const known = outbox.get(mutation.id);
    // It came another way meanwhile, repeated by its tab, say: it is one write, in the older place.
    if (known) {
      journal.write([{ type: 'deleteMutation', order: Math.max(order, known.order) }]);
      if (known.order < order) continue;
      outbox.remove(known);
      const next = hasMoved(known, phase) ? known.phase : phase;
      outbox.add(Object.assign(known, place, { number: known.number ?? number, phase: next }));
    } else outbox.add({ ...freshEntry(mutation), ...place, phase, number });
  }
  offerParts(
    hub,
    rows.map(({ mutation }) => mutation.id),
  );
  for (const { mutation } of rows) {
    const entry = outbox.get(mutation.id);
    if (!entry) continue;
    outlet.touch(entry.mutation.topic, keyOf(entry));
    outlet.item(entry);
  }
}

/** The answer to what is on its way, or was, says more than the disk does, but for what its user has given up. */
const hasMoved = ({ phase: { type } }: Entry, before: Entry['phase']): boolean =>
  type !== 'queued' && (type !== 'sent' || before.type !== 'withdrawing');
