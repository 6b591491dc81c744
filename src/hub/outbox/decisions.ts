import type { MutationId } from '../../protocol/ids.ts';
import { edited, type Mutation } from '../../protocol/mutation.ts';
import type { Decision } from '../../protocol/tab-up.ts';
import type { HubContext } from '../context.ts';
import { keyOf } from '../view.ts';
import type { Drain } from './drain.ts';
import type { Endings } from './endings.ts';
import { type Entry, isOpenCreate, rowOf } from './entry.ts';

/** What the user decides about a mutation: once more, with an edit or without, or not at all. */
export class Decisions {
  readonly #hub: HubContext;
  readonly #endings: Endings;
  readonly #drain: Drain;

  constructor(hub: HubContext, endings: Endings, drain: Drain) {
    this.#hub = hub;
    this.#endings = endings;
    this.#drain = drain;
  }

  /** A decision about what is no longer there has been overtaken by the server's word, and is dropped. */
  decide({ id, decision, edit }: Decision): void {
    const entry = this.#hub.outbox.get(id);
    if (!entry) return;
    if (decision === 'discard') this.#discard(entry);
    else if (entry.phase.type === 'parked') this.#drain.resume(entry);
    else if (entry.phase.type === 'rejected') this.#retry(entry, edit ?? {});
  }

  /** A tab takes back a write: one that nobody has sent goes, one that was sent stands. */
  abort(id: MutationId): void {
    const entry = this.#hub.outbox.get(id);
    if (entry && entry.number === null && entry.phase.type === 'queued')
      this.#endings.fail(entry, 'abort', 'It was taken back before it was sent');
  }

  /** The old mutation has its receipt for good, so the new one has an id of its own, in the old one's place. */
  #retry(entry: Entry, edit: Mutation['set']): void {
    const { outbox, outlet, journal, random } = this.#hub;
    const id = `${random.id()}:1` as MutationId;
    const set = edited(entry.mutation.set, edit, []);
    // It was refused on the base that it had; what the user has seen since is what the server says now.
    const base = entry.mutation.method === 'create' ? null : 'previous';
    outlet.gone(entry.mutation.id);
    outbox.change(entry, { mutation: { ...entry.mutation, id, set, base }, phase: { type: 'queued' } });
    Object.assign(entry, { number: null, attempts: 0, unanswered: 0 });
    journal.write([{ type: 'putMutation', row: rowOf(entry) }]);
    outlet.item(entry);
    outlet.touch(entry.mutation.topic, keyOf(entry));
    this.#drain.pump();
  }

  #discard(entry: Entry): void {
    if (entry.phase.type === 'awaiting' || entry.phase.type === 'sent' || entry.phase.type === 'withdrawing')
      return;
    if (entry.phase.type !== 'rejected' && entry.number !== null) {
      this.#drain.withdraw(entry);
      return;
    }
    for (const one of withFollowers(entry, this.#hub.outbox.laneOf(entry))) {
      if (one.phase.type === 'rejected') this.#endings.remove(one);
      else if (one.number === null) this.#endings.fail(one, 'withdrawn', 'It was discarded');
      else if (one.phase.type === 'queued' || one.phase.type === 'parked') this.#drain.withdraw(one);
    }
    this.#drain.pump();
  }
}

/** What was to follow a create that never was has nothing to follow, up to another create of the record. */
function withFollowers(entry: Entry, lane: readonly Entry[]): Entry[] {
  if (!isOpenCreate(entry)) return [entry];
  const later = lane.slice(lane.indexOf(entry) + 1);
  const next = later.findIndex(({ mutation }) => mutation.method === 'create');
  return [entry, ...later.slice(0, next < 0 ? later.length : next)];
}
