import { COMPACTED_LINES } from '../commit/compacted.ts';

/** A topic whose log is long enough to be compacted. */
type LongLog = readonly [id: number, head: number, floor: number];

/**
 * Compacts long logs piece by piece, from where `done` says that this was left. Nothing is kept of how far it came: after
 * a start it is done once more, to which a log that is compact gives little to do. `piece` compacts the lines after an
 * offset in a transaction of its own, and resolves with the offset of the last of them; null = there are none any more.
 */
export async function compactLogs(
  logs: readonly LongLog[],
  done: Map<number, number>,
  piece: (id: number, from: number) => Promise<number | null>,
): Promise<void> {
  for (const [id, head, floor] of logs) {
    for (let from = Math.max(done.get(id) ?? 0, floor); head - from >= COMPACTED_LINES; ) {
      const last = await piece(id, from);
      // It was trimmed meanwhile: what is next comes with the next trim.
      if (last === null) break;
      done.set(id, last);
      from = last;
    }
  }
}
