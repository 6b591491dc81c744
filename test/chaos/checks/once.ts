import type { Database, LogEntry } from '../database.ts';
import type { HandedOver, Ledger } from '../ledger.ts';
import { isMark, type Mark } from '../words.ts';

const tabOf = (id: string) => id.slice(0, id.lastIndexOf(':'));

/** P2: each effect has one cause, and each cause one effect. */
export function once(ledger: Ledger, { receipts, doubled, log }: Database): void {
  for (const id of doubled) ledger.fail('P2', [id], `${id} has two receipts`);
  const byOffset = new Map<number, string[]>();
  for (const { id, offset } of receipts.values())
    if (offset !== null) byOffset.set(offset, [...(byOffset.get(offset) ?? []), id]);

  // The hub names what is tried again.
  const spare = new Set([...receipts.keys()].filter((id) => !ledger.handed.has(id)));
  const shown = new Map<Mark, LogEntry[]>();
  for (const entry of log) {
    const ids = byOffset.get(entry.offset) ?? [];
    const own = ids.map((id) => ledger.handed.get(id)).filter((handed) => handed?.record === entry.record);
    const other = own.length > 0 ? undefined : ids.find((id) => spare.has(id));
    if (other) spare.delete(other);
    if (own.length === 0 && !other) {
      const what = JSON.stringify(entry.set);
      const at = `${entry.record} was changed at ${entry.offset}`;
      ledger.fail('P2', [entry.record], `${at} by no write that has a receipt there: ${what}`);
    }
    // Nothing would double what was answered before anything broke.
    if (own.some((handed) => handed?.mark && ledger.writes.get(handed.mark)?.risked)) ledger.checked.P2 += 1;
    for (const mark of Object.keys(entry.set ?? {}).filter(isMark))
      shown.set(mark, [...(shown.get(mark) ?? []), entry]);
  }
  for (const [mark, entries] of shown) {
    const carriers = [...ledger.handed.values()].filter(({ marks }) => marks.includes(mark));
    const edits = ledger.decided.filter((one) => one.mark === mark).length;
    const most = carriers.length + edits + (ledger.writes.get(mark)?.id ? 0 : 1);
    if (entries.length <= most) continue;
    const about = [mark, ...entries.map(({ record }) => record), ...carriers.map(({ id }) => id)];
    const offsets = entries.map(({ offset }) => offset);
    ledger.fail(
      'P2',
      about,
      `${mark} was sent in ${most} writes and shows in ${offsets.length} changes: ${offsets}`,
    );
  }
}

/** P3: the writes of one tab to one record are applied in the tab's order. */
export function inOrder(ledger: Ledger, { receipts }: Database): void {
  const last = new Map<string, HandedOver>();
  for (const { id, offset } of receipts.values()) {
    const handed = ledger.handed.get(id);
    if (!handed || offset === null) continue;
    const lane = `${tabOf(id)} ${handed.record}`;
    const before = last.get(lane);
    last.set(lane, handed);
    if (!before) continue;
    ledger.check(
      'P3',
      before.turn < handed.turn,
      [id, before.id, handed.record],
      () => `${id} was applied after ${before.id}, which its tab made later`,
    );
  }
}
