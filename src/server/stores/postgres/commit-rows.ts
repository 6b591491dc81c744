import type { Mark, UserId } from '../../../protocol/ids.ts';
import type { Receipt } from '../../../protocol/receipt.ts';
import type { Change } from '../../commit/commit-run.ts';
import { logTexts } from '../../commit/log-row.ts';
import { receiptRow } from '../../commit/receipt-row.ts';

/** The head of a topic, locked. */
export interface Head {
  readonly id: number;
  offset: number;
  mark: Mark;
  lastId: number;
}

type Column = (string | number | boolean | null)[];
const columns = (count: number): Column[] => Array.from({ length: count }, () => []);

/** What a transaction is to write, column by column: see `WRITE`. */
export class CommitRows {
  readonly #heads = new Set<Head>();
  readonly #log = columns(9);
  readonly #records = new Map<string, { readonly put: Column } | { readonly gone: Column }>();
  readonly #receipts = columns(5);

  /** Nothing is to be written. */
  get isEmpty(): boolean {
    return this.#heads.size === 0 && this.#receipts[0]?.length === 0;
  }

  /** The last change, by which it can be told whether the whole was committed; undefined: no record was changed. */
  get proof(): { readonly topic: number; readonly offset: number; readonly mark: string } | undefined {
    const [head] = this.#heads;
    return head && { topic: head.id, offset: head.offset, mark: head.mark };
  }

  receipt(user: UserId, receipt: Receipt, at: number): void {
    const { offset, body } = receiptRow(receipt);
    for (const id of receipt.ids) add(this.#receipts, [user, id, at, offset, body]);
  }

  /** `lane`: of records that are changed twice, only the last state is written. */
  change(lane: string, head: Head, change: Change, at: number): void {
    const { entry, json } = change;
    const [record, offset] = entry;
    const key = String(record);
    const isNumber = typeof record === 'number';
    this.#heads.add(head);
    add(this.#log, [head.id, offset, head.mark, at, key, isNumber, ...logTexts(change)]);
    const state = json === null ? { gone: [head.id, key] } : { put: [head.id, key, isNumber, offset, json] };
    this.#records.set(lane, state);
  }

  get values(): readonly Column[] {
    const heads = columns(4);
    for (const { id, offset, mark, lastId } of this.#heads) add(heads, [id, offset, mark, lastId]);
    const [put, gone] = [columns(5), columns(2)];
    for (const state of this.#records.values())
      if ('put' in state) add(put, state.put);
      else add(gone, state.gone);
    return [...heads, ...this.#log, ...put, ...gone, ...this.#receipts];
  }
}

function add(to: readonly Column[], row: Column): void {
  for (const [at, column] of to.entries()) column.push(row[at] ?? null);
}
