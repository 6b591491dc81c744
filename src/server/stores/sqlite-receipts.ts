import type { MutationId, UserId } from '../../protocol/ids.ts';
import type { Receipt } from '../../protocol/receipt.ts';
import { receiptsFor, standing } from '../commit/known-receipt.ts';
import { receiptOf, receiptRow } from '../commit/receipt-row.ts';
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
    return receiptOf(id, row[0], row[1]);
  }

  /** The receipts of those of these ids that have one. */
  known(user: UserId, ids: readonly MutationId[]): Map<MutationId, Receipt> {
    if (ids.length === 0) return new Map();
    const rows = this.#sql.receiptsOf.all(user, JSON.stringify(ids));
    return new Map(rows.map(([id, offset, body]) => [id, receiptOf(id, offset, body)]));
  }

  /** The receipts that are known, and `lost` for those that were forgotten. */
  find(user: UserId, asked: readonly { readonly id: MutationId; readonly number: number }[]) {
    const known = this.known(
      user,
      asked.map(({ id }) => id),
    );
    return receiptsFor(asked, this.floor(), (id) => known.get(id));
  }

  add(user: UserId, receipt: Receipt, at: number): void {
    const { offset, body } = receiptRow(receipt);
    for (const id of receipt.ids) this.#sql.addReceipt.run(user, id, at, offset, body);
  }

  refuse({ user, receipt }: StoredRefusal, at: number): readonly Receipt[] {
    const { kept, receipts } = standing(receipt, (id) => this.get(user, id));
    if (kept) this.add(user, kept, at);
    return receipts;
  }

  floor(): number {
    return (this.#sql.oldestReceipt.get()?.[0] ?? 1) - 1;
  }

  number(): number {
    return this.#sql.newestReceipt.get()?.[0] ?? 0;
  }

  /**
   * From the oldest on, up to the first that is young enough, and no more than so many: a clock that jumped keeps more,
   * not less. Whether that was all.
   */
  trim(before: number, most: number): boolean {
    const last = Math.min(this.floor() + most, this.number() - 1);
    const young = this.#sql.youngReceipt.get(before, last)?.[0];
    this.#sql.trimReceipts.run(young ?? last + 1);
    return young !== undefined || last >= this.number() - 1;
  }
}
