import type { MutationId } from '../../protocol/ids.ts';
import { isFinal } from '../../protocol/receipt.ts';
import type { Decision } from '../../protocol/tab-up.ts';
import type { HubContext } from '../context.ts';
import type { Drain } from './drain.ts';
import type { Endings } from './endings.ts';
import { authorOf, type Entry, mayBeKnown, rowOf } from './entry.ts';
import { makeAnew } from './make-anew.ts';
import { withFollowers } from './with-followers.ts';
import type { Withdrawals } from './withdrawals.ts';

export interface DecisionsParts {
  readonly hub: HubContext;
  readonly endings: Endings;
  readonly drain: Drain;
  readonly withdrawals: Withdrawals;
}

/** What the user decides about a mutation: once more, with an edit or without, or not at all. */
export class Decisions {
  readonly #parts: DecisionsParts;

  constructor(parts: DecisionsParts) {
    this.#parts = parts;
  }

  /** A decision about what is no longer there has been overtaken by the server's word, and is dropped. */
  decide({ id, decision, edit }: Decision): void {
    const entry = this.#parts.hub.outbox.get(id);
    if (!entry) return;
    if (decision === 'discard') this.#discard(entry);
    else this.#retry(entry, edit ?? {});
    this.#parts.drain.pump();
  }

  /** A tab takes back a write: one that nobody has sent goes, unless others build on it; one that was sent stands. */
  abort(id: MutationId): void {
    const { hub, endings, drain } = this.#parts;
    const entry = hub.outbox.get(id);
    if (entry?.phase.type !== 'queued' || mayBeKnown(entry)) return;
    if (withFollowers(entry, hub.outbox.laneOf(entry)).length > 1) return;
    endings.fail(entry, 'abort', 'It was taken back before it was sent');
    drain.pump();
  }

  #retry(entry: Entry, edit: NonNullable<Decision['edit']>): void {
    const { hub, drain, endings, withdrawals } = this.#parts;
    const { phase } = entry;
    if (phase.type !== 'parked' && phase.type !== 'rejected') return;
    if (phase.type === 'rejected' && isFinal(phase.receipt)) makeAnew(hub, entry, edit);
    else if (Object.keys(edit).length > 0) withdrawals.begin(entry, edit);
    else {
      entry.attempts = 0;
      entry.unanswered = 0;
      drain.resume(entry);
      endings.shows(entry);
      hub.journal.write([{ type: 'putMutation', row: rowOf(entry) }]);
    }
  }

  #discard(entry: Entry): void {
    const { hub, endings, withdrawals } = this.#parts;
    for (const one of withFollowers(entry, hub.outbox.laneOf(entry))) {
      const { phase } = one;
      if (phase.type === 'awaiting') continue;
      if (phase.type === 'rejected' && isFinal(phase.receipt)) endings.remove(one);
      // A tab that is asleep would repeat it when it wakes: the server is to know that it was given up.
      else if (mayBeKnown(one) || !hub.outlet.reaches(authorOf(one))) withdrawals.begin(one, null);
      else endings.fail(one, 'withdrawn', 'It was discarded');
    }
  }
}
