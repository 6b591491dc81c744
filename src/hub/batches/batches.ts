import type { MutationId } from '../../protocol/ids.ts';
import type { Entry } from '../outbox/entry.ts';

/** Which of the outbox's mutations stand or fall together: the members of each batch, in order. */
export class Batches {
  readonly #members = new Map<MutationId, Entry[]>();

  add(entry: Entry): void {
    const { batch } = entry.mutation;
    if (!batch) return;
    const members = this.#members.get(batch.id) ?? [];
    this.#members.set(batch.id, members);
    members.splice(members.findLastIndex(({ order }) => order < entry.order) + 1, 0, entry);
  }

  delete(entry: Entry): void {
    const { batch } = entry.mutation;
    const members = (batch && this.#members.get(batch.id)) ?? [];
    const at = members.indexOf(entry);
    if (at >= 0) members.splice(at, 1);
    if (batch && members.length === 0) this.#members.delete(batch.id);
  }

  /** All that are in the outbox of what it stands or falls with; itself alone where it is of no batch. */
  of(entry: Entry): readonly Entry[] {
    const { batch } = entry.mutation;
    return [...((batch && this.#members.get(batch.id)) ?? [entry])];
  }
}
