import type { MutationId } from '../../protocol/ids.ts';
import type { Decision } from '../../protocol/tab-up.ts';
import { resize } from '../batches/resize.ts';
import type { HubContext } from '../context.ts';
import { withFollowers } from '../lanes/with-followers.ts';
import type { Drain } from './drain.ts';
import type { Endings } from './endings.ts';
import { authorOf, type Entry, isRefused, isUnsent, mayBeKnown, rowOf } from './entry.ts';
import { makeAnew } from './make-anew.ts';
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

  /** A tab takes back a write: one that nobody has sent goes, with its batch, unless others build on it; one that was sent stands. */
  abort(id: MutationId): void {
    const { hub, endings, drain } = this.#parts;
    const entry = hub.outbox.get(id);
    if (!entry) return;
    const unit = hub.outbox.unitOf(entry);
    entry.aborted = true;
    if (!unit.every(isUnsent) || withFollowers(entry, hub.outbox).length > unit.length) return;
    for (const one of unit) endings.fail(one, 'abort', 'It was taken back before it was sent');
    drain.pump();
  }

  /** A batch goes again as one; the edit is for the one that the user decided about. */
  #retry(entry: Entry, edit: NonNullable<Decision['edit']>): void {
    const { hub, drain, endings, withdrawals } = this.#parts;
    const unit = hub.outbox
      .unitOf(entry)
      .filter(({ phase }) => phase.type === 'parked' || phase.type === 'rejected');
    if (!unit.includes(entry)) return;
    const editOf = (one: Entry) => (one === entry ? edit : {});
    if (unit.every(isRefused)) {
      for (const one of unit) hub.outlet.decided({ mutation: one.mutation, edit: editOf(one) });
      makeAnew(hub, unit, editOf);
    } else if (Object.keys(edit).length > 0 || unit.some(isRefused)) withdrawals.begin(unit, editOf);
    else {
      resize(hub.outbox, unit);
      for (const one of unit) Object.assign(one, { attempts: 0, unanswered: 0 });
      drain.resume(unit);
      for (const one of unit) endings.shows(one);
      hub.journal.write(unit.map((one) => ({ type: 'putMutation', row: rowOf(one) })));
    }
  }

  #discard(entry: Entry): void {
    const { hub, endings, withdrawals } = this.#parts;
    const known: Entry[] = [];
    for (const one of withFollowers(entry, hub.outbox)) {
      if (one.phase.type === 'awaiting') continue;
      if (isRefused(one)) {
        hub.outlet.decided({ mutation: one.mutation });
        endings.remove(one);
      }
      // A tab that is asleep would repeat it when it wakes: the server is to know that it was given up.
      else if (mayBeKnown(one) || !hub.outlet.reaches(authorOf(one))) known.push(one);
      else endings.fail(one, 'withdrawn', 'It was discarded');
    }
    if (known.length > 0) withdrawals.begin(known, () => null);
  }
}
