import type { RecordId } from '../../protocol/ids.ts';

/** The greatest integer that has been an id, this one counted. As text it is the same id. */
export function lastIdWith(last: number, record: RecordId): number {
  const id = typeof record === 'number' || /^[1-9]\d{0,15}$/.test(record) ? Number(record) : 0;
  return Number.isSafeInteger(id + 1) ? Math.max(last, id) : last;
}
