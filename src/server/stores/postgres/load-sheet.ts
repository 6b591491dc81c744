import type { Row } from '../../../protocol/change.ts';
import {
  type Epoch,
  type Mark,
  type MutationId,
  recordKey,
  type Topic,
  type UserId,
} from '../../../protocol/ids.ts';
import type { Receipt } from '../../../protocol/receipt.ts';
import { laneOf } from '../../commit/lane-of.ts';
import { receiptOf } from '../../commit/receipt-row.ts';
import type { StoreWrite } from '../../store.ts';
import type { Head } from './commit-rows.ts';
import { type Loaded, receiptKey } from './commit-sheet.ts';
import type { Ask } from './connections.ts';
import { ADD_HEADS, LOAD, LOCK_HEADS } from './postgres-statements.ts';

type HeadRow = [topic: Topic, id: string, offset: string, mark: Mark, lastId: string];
type LoadRow = [
  what: 'record' | 'receipt' | 'floor',
  ord: string,
  isNumber: boolean | null,
  number: string | null,
  text: string | null,
];

/** Begins, and locks the heads of these topics. Whoever else commits to one of them waits until this is over. */
export async function lockHeads(
  ask: Ask,
  begin: string,
  topics: readonly Topic[],
): Promise<Map<Topic, Head>> {
  await ask(begin);
  let rows = await ask<HeadRow>(LOCK_HEADS, [topics]);
  if (rows.length < topics.length) {
    // By themselves, with nothing locked meanwhile; a head at offset 0 is as good as none.
    await ask('ROLLBACK');
    await ask(ADD_HEADS, [topics]);
    await ask(begin);
    rows = await ask<HeadRow>(LOCK_HEADS, [topics]);
  }
  return new Map(
    rows.map(([topic, id, offset, mark, lastId]) => [
      topic,
      { id: Number(id), offset: Number(offset), mark, lastId: Number(lastId) },
    ]),
  );
}

/** Reads all that these writes may look at. */
export async function load(
  ask: Ask,
  heads: ReadonlyMap<Topic, Head>,
  writes: readonly StoreWrite[],
  epoch: Epoch,
): Promise<Loaded> {
  const lanes = new Map(writes.map((write) => [laneOf(write.topic, write.record), write]));
  const asked = [...lanes.values()];
  const ids = new Map(
    writes.flatMap(({ user, ids }) => ids.map((id) => [receiptKey(user, id), [user, id] as const])),
  );
  const named: readonly (readonly [UserId, MutationId])[] = [...ids.values()];
  const rows = await ask<LoadRow>(LOAD, [
    asked.map(({ topic }) => heads.get(topic)?.id ?? 0),
    asked.map(({ record }) => recordKey(record)),
    named.map(([user]) => user),
    named.map(([, id]) => id),
  ]);
  const records = new Map<string, Row>();
  const receipts = new Map<string, Receipt>();
  let floor = 0;
  for (const [what, ord, isNumber, number, text] of rows) {
    const at = Number(ord) - 1;
    if (what === 'floor') floor = Number(number);
    else if (what === 'record') {
      const write = asked[at] as StoreWrite;
      const key = recordKey(write.record);
      records.set(laneOf(write.topic, write.record), [
        isNumber ? Number(key) : key,
        Number(number),
        JSON.parse(text ?? ''),
      ]);
    } else {
      const [user, id] = named[at] as readonly [UserId, MutationId];
      receipts.set(receiptKey(user, id), receiptOf(id, number === null ? null : Number(number), text));
    }
  }
  return { epoch, heads, records, receipts, floor };
}
