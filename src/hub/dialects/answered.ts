import type { MutationId } from '../../protocol/ids.ts';
import { type FinalReceipt, isFinal, type Receipt } from '../../protocol/receipt.ts';
import type { Sent } from '../../protocol/server-up.ts';

/** So many receipts are kept: more than a hub can ask for again. */
const MOST = 10_000;

/**
 * What became of the writes that went over these links: the receipts that the server itself does not keep. They are gone with
 * the hub.
 */
export class Answered {
  readonly #receipts = new Map<MutationId, FinalReceipt>();
  /** As they were sent first: what may have been done is repeated to the letter, under the same key. */
  readonly #sent = new Map<MutationId, Sent>();
  /** Of those, what the server says that it has not done. */
  readonly #undone = new Set<MutationId>();

  receipt(id: MutationId): FinalReceipt | undefined {
    return this.#receipts.get(id);
  }

  /** Whether it went out, and nobody knows what became of it. */
  isUnknown(id: MutationId): boolean {
    return [...this.#sent.values()].some(
      ({ mutation, also }) => !this.#undone.has(mutation.id) && (mutation.id === id || also.includes(id)),
    );
  }

  /** What to send: a write that was folded with others keeps them. */
  sending(sent: Sent): Sent {
    const { id } = sent.mutation;
    const first = this.#sent.get(id) ?? sent;
    this.#sent.set(id, first);
    this.#undone.delete(id);
    return first;
  }

  /** The server has answered, for all that went with it. */
  told({ mutation, also }: Sent, receipt: Receipt): void {
    if (!isFinal(receipt)) {
      this.#undone.add(mutation.id);
      return;
    }
    this.#sent.delete(mutation.id);
    for (const id of [mutation.id, ...also]) this.#receipts.set(id, receipt);
    for (const id of this.#receipts.keys()) {
      if (this.#receipts.size <= MOST) break;
      this.#receipts.delete(id);
    }
  }
}
