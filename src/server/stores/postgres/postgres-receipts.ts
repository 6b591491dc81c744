import type { MutationId, UserId } from '../../../protocol/ids.ts';
import type { Receipt } from '../../../protocol/receipt.ts';
import { receiptsFor, standing } from '../../commit/known-receipt.ts';
import { receiptOf, receiptRow } from '../../commit/receipt-row.ts';
import type { StoredRefusal } from '../../store.ts';
import { receiptKey } from './commit-sheet.ts';
import type { Ask } from './connections.ts';
import { NUMBER, RECEIPTS, REFUSE } from './postgres-statements.ts';
import type { ReceiptNumber } from './receipt-number.ts';

type Row = [what: 'receipt' | 'floor', ord: string, number: string | null, body: string | null];

/** The receipts that are known, by `receiptKey`, and the number of the last that was forgotten. */
async function receiptsOf(ask: Ask, asked: readonly (readonly [UserId, MutationId])[]) {
  const users = asked.map(([user]) => user);
  const ids = asked.map(([, id]) => id);
  const known = new Map<string, Receipt>();
  let floor = 0;
  for (const [what, ord, number, body] of await ask<Row>(RECEIPTS, [users, ids])) {
    if (what === 'floor') floor = Number(number);
    else {
      const [user, id] = asked[Number(ord) - 1] as readonly [UserId, MutationId];
      known.set(receiptKey(user, id), receiptOf(id, number === null ? null : Number(number), body));
    }
  }
  return { known, floor };
}

export async function findReceipts(
  ask: Ask,
  user: UserId,
  asked: readonly { readonly id: MutationId; readonly number: number }[],
): Promise<ReadonlyMap<MutationId, Receipt>> {
  const { known, floor } = await receiptsOf(
    ask,
    asked.map(({ id }) => [user, id]),
  );
  return receiptsFor(asked, floor, (id) => known.get(receiptKey(user, id)));
}

/** What is written already stands, and what is being written by another transaction is waited for. */
export async function refuse(
  ask: Ask,
  number: ReceiptNumber,
  refusals: readonly StoredRefusal[],
  at: number,
): Promise<readonly (readonly Receipt[])[]> {
  const rows = refusals.flatMap(({ user, receipt }) => {
    const { offset, body } = receiptRow(receipt);
    return receipt.ids.map((id) => ({ user, id, offset, body }));
  });
  const added = await ask<[UserId, MutationId, string]>(REFUSE, [
    rows.map(({ user }) => user),
    rows.map(({ id }) => id),
    rows.map(() => at),
    rows.map(({ offset }) => offset),
    rows.map(({ body }) => body),
  ]);
  for (const [, , given] of added) number.given(Number(given));
  // Each of them stands for the first refusal that names it.
  const fresh = new Set(added.map(([user, id]) => receiptKey(user, id)));
  const { known } = await receiptsOf(
    ask,
    rows.map(({ user, id }) => [user, id]),
  );
  return refusals.map(({ user, receipt }) => {
    const { receipts } = standing(receipt, (id) => {
      const key = receiptKey(user, id);
      return fresh.delete(key) ? undefined : known.get(key);
    });
    return receipts;
  });
}

export async function newestReceipt(ask: Ask): Promise<number> {
  const [newest] = await ask<[string | null]>(NUMBER);
  return Number(newest?.[0] ?? 0);
}
