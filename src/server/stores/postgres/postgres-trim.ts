import type { Topic } from '../../../protocol/ids.ts';
import type { TrimBounds } from '../../store.ts';
import type { Ask } from './connections.ts';

/** Topics that are looked at, and rows that go, in one statement: a trim is in nobody's way for long. */
const TOPICS = 500;
const ROWS = 5_000;

/** Topics that have a log at all, in the order of their numbers. */
const LOGS = `
  SELECT id, topic, "offset", floor FROM medulla_heads WHERE id > $1 AND "offset" > floor ORDER BY id LIMIT ${TOPICS}`;

/** The first entry of each that is young enough. */
const YOUNG = `
  SELECT ord, (
    SELECT "offset" FROM medulla_log AS log WHERE log.topic = asked.topic AND at >= before ORDER BY "offset" LIMIT 1)
  FROM unnest($1::bigint[], $2::float8[]) WITH ORDINALITY AS asked (topic, before, ord)`;

/** The floor, and the mark of the last that went, move with what goes: a cursor there still holds. */
const TRIM_LOG = `
  WITH last AS (
    SELECT topic, "offset", mark FROM medulla_log WHERE topic = $1 AND "offset" = $2
  ), head AS (
    UPDATE medulla_heads SET floor = last."offset", floor_mark = last.mark FROM last
    WHERE id = last.topic AND floor < last."offset" RETURNING id
  )
  DELETE FROM medulla_log AS log USING head WHERE log.topic = head.id AND log."offset" <= $2`;

/** Up to the first that is young enough: a clock that jumped keeps more, not less. */
const OLD_RECEIPTS = `
  SELECT coalesce(
    (SELECT number - 1 FROM medulla_receipts WHERE at >= $1::float8 ORDER BY number LIMIT 1),
    (SELECT number FROM medulla_receipts ORDER BY number DESC LIMIT 1))`;

const TRIM_RECEIPTS = `
  WITH doomed AS (
    SELECT number FROM medulla_receipts WHERE number <= $1 ORDER BY number LIMIT ${ROWS}
  ), gone AS (
    DELETE FROM medulla_receipts AS receipt USING doomed WHERE receipt.number = doomed.number
  )
  UPDATE medulla_meta SET value = greatest(value::bigint, (SELECT max(number) FROM doomed))::text
  WHERE name = 'floor' AND (SELECT count(*) FROM doomed) > 0 RETURNING (SELECT count(*) FROM doomed)`;

interface Log {
  readonly id: number;
  readonly head: number;
  readonly floor: number;
  readonly changes: number;
  readonly before: number;
}

/** Each statement is a transaction of its own, so that commits go on in between; several nodes may do it at once. */
export async function trimPostgres(ask: Ask, { log, receiptsBefore }: TrimBounds): Promise<void> {
  for (let after = 0; ; ) {
    const rows = await ask<[id: string, topic: Topic, head: string, floor: string]>(LOGS, [after]);
    const logs = rows.map(([id, topic, head, floor]): Log => {
      return { id: Number(id), head: Number(head), floor: Number(floor), ...log(topic) };
    });
    await trimLogs(ask, logs);
    if (logs.length < TOPICS) break;
    after = logs.at(-1)?.id ?? after;
  }
  await trimReceipts(ask, receiptsBefore);
}

async function trimLogs(ask: Ask, logs: readonly Log[]): Promise<void> {
  const values = [logs.map(({ id }) => id), logs.map(({ before }) => before)];
  const young = new Map(await ask<[ord: string, offset: string | null]>(YOUNG, values));
  for (const [at, { id, head, floor, changes }] of logs.entries()) {
    const first = young.get(String(at + 1)) ?? null;
    const last = Math.min(head, Math.max(first === null ? head : Number(first) - 1, head - changes));
    for (let to = floor; to < last; ) {
      to = Math.min(last, to + ROWS);
      await ask(TRIM_LOG, [id, to]);
    }
  }
}

async function trimReceipts(ask: Ask, before: number): Promise<void> {
  const [old] = await ask<[string | null]>(OLD_RECEIPTS, [before]);
  for (let count = ROWS; count === ROWS; ) {
    const [gone] = await ask<[string]>(TRIM_RECEIPTS, [old?.[0] ?? 0]);
    count = Number(gone?.[0] ?? 0);
  }
}
