import { COMPACTED_BYTES, COMPACTED_LINES, compacted } from '../../commit/compacted.ts';
import { entryOf, entryTexts } from '../../commit/log-row.ts';
import { compactLogs } from '../compact-logs.ts';
import type { Ask } from './connections.ts';

const LONG_LOGS = `
  SELECT id, "offset", floor FROM medulla_heads WHERE "offset" - floor >= ${COMPACTED_LINES} ORDER BY id`;

const PIECE = `
  SELECT "offset", key, is_number, attrs, unset FROM (
    SELECT *, sum(length) OVER (ORDER BY "offset") - length AS bytes FROM (
      SELECT *, coalesce(octet_length(attrs), 0) AS length FROM medulla_log WHERE topic = $1 AND "offset" > $2 ORDER BY "offset" LIMIT ${COMPACTED_LINES}) AS lines
  ) AS piece WHERE bytes < ${COMPACTED_BYTES} ORDER BY "offset"`;

const SET = `
  UPDATE medulla_log AS log SET attrs = made.attrs, unset = made.unset
  FROM unnest($2::bigint[], $3::text[], $4::text[]) AS made ("offset", attrs, unset)
  WHERE log.topic = $1 AND log."offset" = made."offset"`;

type Line = [offset: string, key: string, isNumber: boolean, attrs: string | null, unset: string | null];

/** One node at a time: two whose pieces overlap would each move on what the other has moved already. */
const LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('medulla_log', $1))";

/** Compacts long logs, each piece over a connection of its own. */
export async function compactPostgres(
  use: <T>(work: (ask: Ask) => Promise<T>) => Promise<T>,
  done: Map<number, number>,
): Promise<void> {
  const rows = await use((ask) => ask<[id: string, head: string, floor: string]>(LONG_LOGS));
  const logs = rows.map(([id, head, floor]) => [Number(id), Number(head), Number(floor)] as const);
  await compactLogs(logs, done, (id, from) => use((ask) => compactPiece(ask, id, from)));
}

/** Resolves with the offset of its last line; null = there is none. */
async function compactPiece(ask: Ask, id: number, from: number): Promise<number | null> {
  await ask('BEGIN ISOLATION LEVEL READ COMMITTED');
  try {
    await ask(LOCK, [id]);
    const lines = (await ask<Line>(PIECE, [id, from])).map(([offset, key, isNumber, attrs, unset]) =>
      entryOf([Number(offset), isNumber ? Number(key) : key, attrs, unset, null]),
    );
    const changed = compacted(lines);
    const texts = changed.map((entry) => entryTexts(entry));
    const offsets = changed.map((entry) => entry[1]);
    if (changed.length > 0)
      await ask(SET, [id, offsets, texts.map(([attrs]) => attrs), texts.map(([, unset]) => unset)]);
    await ask('COMMIT');
    return lines.at(-1)?.[1] ?? null;
  } catch (error) {
    await ask('ROLLBACK').catch(() => undefined);
    throw error;
  }
}
