import type { Cursor, Entry } from '../../protocol/change.ts';
import type { RecordId } from '../../protocol/ids.ts';
import type { Missed } from '../store.ts';
import type { Change } from './commit-run.ts';
import { conflate } from './conflate.ts';
import { imagesBefore } from './images-before.ts';

/** A line of a log as a database keeps it. `was`: the record before, as JSON; null = it was not asked for. */
export type LogRow = readonly [
  offset: number,
  record: RecordId,
  attrs: string | null,
  unset: string | null,
  was: string | null,
];

/** Bytes that a line takes in memory beside its texts, roughly. */
export const LINE = 100;

/** All of these lines, or null where they are more than `most` bytes: then no more are read. */
export function linesWithin(lines: Iterable<LogRow>, most: number): readonly LogRow[] | null {
  const all: LogRow[] = [];
  let left = most;
  for (const line of lines) {
    const [, , attrs, unset, was] = line;
    left -= LINE + (attrs?.length ?? 0) + (unset?.length ?? 0) + (was?.length ?? 0);
    if (left < 0) return null;
    all.push(line);
  }
  return all;
}

/** A change as texts: `attrs`, null for a deletion, `unset` and `was`. */
export function logTexts({ entry, json, before }: Change): [string | null, string | null, string | null] {
  return [...entryTexts(entry, json), before === undefined ? null : JSON.stringify(before)];
}

/** `json`: the whole record, where its text is known. */
export function entryTexts(
  [, , set, unset]: Entry,
  json: string | null = null,
): [string | null, string | null] {
  const names = Array.isArray(unset) ? JSON.stringify(unset) : (unset ?? null);
  const attrs = unset === '*' && json !== null ? json : set && JSON.stringify(set);
  return [attrs, names as string | null];
}

/** What is told of the lines after a cursor. */
export function missedOf(lines: readonly LogRow[], cursor: Cursor): Missed {
  const images = imagesBefore(
    lines.map(([, record, , , was]) => [record, was === null ? undefined : JSON.parse(was)]),
  );
  return { entries: conflate(lines.map(entryOf)), cursor, ...images };
}

export function entryOf([offset, record, attrs, unset]: LogRow): Entry {
  if (attrs === null) return [record, offset, null];
  const set = JSON.parse(attrs);
  return unset === null
    ? [record, offset, set]
    : [record, offset, set, unset === '*' ? '*' : JSON.parse(unset)];
}
