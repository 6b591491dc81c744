import { fits } from '../../base/shape.ts';
import type { Entry, Row } from '../../protocol/change.ts';
import type { Topic } from '../../protocol/ids.ts';
import { recordId } from '../../protocol/mutation.ts';
import type { SessionParts } from './session-parts.ts';

/**
 * Without what no client could read: it would refuse the whole answer, and nobody would see the topic's other records
 * any more. No store takes such a row, but a file may have been written by others.
 */
export function sound<T extends Row | Entry>(
  { log }: Pick<SessionParts, 'log'>,
  topic: Topic,
  rows: readonly T[],
): readonly T[] {
  if (rows.every(isSound)) return rows;
  const bad = rows.filter((row) => !isSound(row)).map(([record, version]) => ({ record, version }));
  log('error', 'bad-rows', { topic, rows: bad.slice(0, 10) });
  return rows.filter(isSound);
}

const isSound = ([record, , attrs]: Row | Entry): boolean =>
  fits(recordId, record) && typeof attrs === 'object' && !Array.isArray(attrs);
