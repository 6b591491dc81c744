import { either, list, literal, nothing, number, type Of, object, type Shape, text } from '../base/shape.ts';
import { type Attributes, attributes } from './attributes.ts';
import type { Epoch, Mark, MutationId, RecordId, Topic } from './ids.ts';
import { edited, recordId } from './mutation.ts';

/** How far a topic's changes have been applied. It holds only where the log has `mark` at `offset`. */
export const cursor = object({ epoch: text<Epoch>(), offset: number, mark: text<Mark>() });
export type Cursor = Of<typeof cursor>;

/**
 * One confirmed record operation, packed as a tuple because a catch-up is made of thousands:
 * `[record, offset, set, unset?, by?]`. `set` null = deleted. `unset` '*' = the record is exactly `set` (a create, or
 * a fold over a deletion). `by` = the mutations that caused it; absent in a catch-up.
 */
export type Entry = readonly [
  record: RecordId,
  offset: number,
  set: Attributes | null,
  unset?: readonly string[] | '*' | null,
  by?: readonly MutationId[] | null,
];

const parts: readonly [name: string, shape: Shape<unknown>][] = [
  ['record', recordId],
  ['offset', number],
  ['set', either(attributes, nothing)],
  ['unset', either(list(text()), literal('*'), nothing)],
  ['by', either(list(text()), nothing)],
];

export const entry: Shape<Entry> = {
  text: `[${parts.map(([name, shape]) => `${name}: ${shape.text}`).join(', ')}]`,
  problem(value, path) {
    if (!Array.isArray(value) || value.length < 3 || value.length > parts.length)
      return `${path} is not an entry`;
    for (let i = 0; i < value.length; i++) {
      const [name, shape] = parts[i] as (typeof parts)[number];
      if (shape.problem(value[i], path)) return `${path}.${name} of an entry does not fit`;
    }
    return undefined;
  },
};

const step = { topic: text<Topic>(), from: number, to: number, mark: text<Mark>(), entries: list(entry) };

/** Applied only where `from` is the cursor's offset; afterwards the cursor is `{epoch, offset: to, mark}`. */
export const changes = object({ ...step, epoch: text<Epoch>() });
export type Changes = Of<typeof changes>;

/** Changes that the server sends unasked, in the epoch of its last answer to a follow of the topic over the same connection. */
export const liveChanges = object(step);
export type LiveChanges = Of<typeof liveChanges>;

/** What the record looks like after the entry; null = there is none: a part of what is not there is of one that is gone since. */
export function afterEntry(attrs: Attributes | null, [, , set, unset]: Entry): Attributes | null {
  if (set === null || unset === '*') return set;
  return attrs && edited(attrs, set, unset ?? []);
}

/** A record in a snapshot or an answer: `[record, version, attrs]`. */
export type Row = readonly [record: RecordId, version: number, attrs: Attributes];

export const row: Shape<Row> = {
  text: `[record: ${recordId.text}, version: number, attrs: attributes]`,
  problem(value, path) {
    if (!Array.isArray(value) || value.length !== 3) return `${path} is not a row`;
    return (
      recordId.problem(value[0], path) ?? number.problem(value[1], path) ?? attributes.problem(value[2], path)
    );
  },
};

/** All records of a topic, and how far they are: a row may be newer than the cursor. */
export const snapshot = object({ cursor, rows: list(row) });
export type Snapshot = Of<typeof snapshot>;
