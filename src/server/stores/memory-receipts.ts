import type { MutationId, UserId } from '../../protocol/ids.ts';
import type { Receipt } from '../../protocol/receipt.ts';
import { knownReceipt } from '../commit/known-receipt.ts';

interface Kept {
  readonly user: UserId;
  readonly id: MutationId;
  readonly receipt: Receipt;
  readonly at: number;
}

/** One row for each id, numbered in the order of their coming. */
export class MemoryReceipts {
  readonly #users = new Map<UserId, Map<MutationId, Receipt>>();
  #rows: Kept[] = [];
  /** The number of the last receipt that was forgotten. */
  floor = 0;

  get number(): number {
    return this.floor + this.#rows.length;
  }

  get(user: UserId, id: MutationId): Receipt | undefined {
    const stored = this.#users.get(user)?.get(id);
    return stored && knownReceipt(id, stored);
  }

  add(user: UserId, receipt: Receipt, at: number): void {
    const known = this.#users.get(user) ?? new Map<MutationId, Receipt>();
    this.#users.set(user, known);
    for (const id of receipt.ids) {
      known.set(id, receipt);
      this.#rows.push({ user, id, receipt, at });
    }
  }

  /** Forgets from the oldest on, up to the first that is young enough: a clock that jumped keeps more, not less. */
  trim(before: number): void {
    const young = this.#rows.findIndex(({ at }) => at >= before);
    const count = young < 0 ? this.#rows.length : young;
    for (const { user, id } of this.#rows.slice(0, count)) {
      const known = this.#users.get(user);
      known?.delete(id);
      if (known?.size === 0) this.#users.delete(user);
    }
    this.#rows = this.#rows.slice(count);
    this.floor += count;
  }
}
