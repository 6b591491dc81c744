import type { MutationId, UserId } from '../../protocol/ids.ts';
import type { Receipt, RefusingReceipt } from '../../protocol/receipt.ts';
import { knownReceipt, lost, standing } from '../commit/known-receipt.ts';
import type { StoredRefusal } from '../store.ts';
import type { Statements } from './sqlite-statements.ts';

/** The receipts, one row for each id. The newest row is never trimmed, so that numbers go on after it. */
export class SqliteReceipts {
  readonly #sql: Statements;

  constructor(sql: Statements) {
    this.#sql = sql;
  }

  get(user: UserId, id: MutationId): Receipt | undefined {
    const row = this.#sql.receipt.get(user, id);
    if (!row) return undefined;
    const [offset, body] = row;
    if (body !== null) return knownReceipt(id, JSON.parse(body));
    return { type: 'duplicate', ids: [id], offset: offset ?? 0 };
  }

  /** The receipts that are known, and `lost` for those that were forgotten. */
  find(user: UserId, asked: readonly { readonly id: MutationId; readonly number: number }[]) {
    const known = new Map<MutationId, Receipt>();
    for (const { id, number } of asked) {
      const receipt = this.get(user, id);
      if (receipt) known.set(id, receipt);
      else if (number < this.floor()) known.set(id, lost([id]));
    }
    return known;
  }

  add(user: UserId, receipt: Receipt, at: number): void {
    const { ids, ...body } = receipt;
    const isPlain =
      receipt.type === 'applied' && !receipt.set && !receipt.unset && receipt.record === undefined;
    const offset = 'offset' in receipt ? receipt.offset : null;
    const json = isPlain ? null : JSON.stringify(body);
    for (const id of ids) this.#sql.addReceipt.run(user, id, at, offset, json);
  }

  refuse({ user, receipt }: StoredRefusal, at: number): readonly Receipt[] {
    const { kept, receipts }: { kept: RefusingReceipt | null; receipts: Receipt[] } = standing(
      receipt,
      (id) => this.get(user, id),
    );
    if (kept) this.add(user, kept, at);
    return receipts;
  }

  floor(): number {
    return (this.#sql.oldestReceipt.get()?.[0] ?? 1) - 1;
  }

  number(): number {
    return this.#sql.newestReceipt.get()?.[0] ?? 0;
  }

  /** From the oldest on, up to the first that is young enough: a clock that jumped keeps more, not less. */
  trim(before: number): void {
    this.#sql.trimReceipts.run(this.#sql.youngReceipt.get(before)?.[0] ?? this.number());
  }
}
