import type { Database, LogEntry } from '../database.ts';
import type { Ledger } from '../ledger.ts';
import { isMark, type Mark } from '../words.ts';

type Marks = ReadonlySet<Mark>;

/**
 * P5: what a page showed while nothing of the record was on its way is what the log makes of it up to some change,
 * none before it left out. Its own user's later writes may be there too: their receipts come before their changes.
 */
export function noGap(ledger: Ledger, { log }: Database): void {
  const histories = new Map<string, Marks[]>();
  for (const entry of log) {
    const history = histories.get(entry.record) ?? [new Set<Mark>()];
    histories.set(entry.record, [...history, after(history.at(-1) ?? new Set(), entry)]);
  }
  for (const { record, marks, life } of ledger.looks) {
    const isOwn = (mark: Mark) => ledger.writes.get(mark)?.life.user === life.user;
    // Of its own writes alone it would be shown all, whatever is missing.
    if (marks.every(isOwn)) continue;
    const shown = new Set(marks);
    const fits = (then: Marks) =>
      [...then].every((mark) => shown.has(mark)) && marks.every((mark) => then.has(mark) || isOwn(mark));
    ledger.check(
      'P5',
      histories.get(record)?.some(fits) ?? false,
      [record, ...marks],
      () => `${life.name} showed ${record} with ${marks}, which it never was`,
    );
  }
}

function after(before: Marks, { set, whole }: LogEntry): Marks {
  const marks = Object.keys(set ?? {}).filter(isMark);
  return new Set(set === null ? [] : whole ? marks : [...before, ...marks]);
}
