import type { Attributes } from '../../protocol/attributes.ts';
import { isTemporary } from '../../protocol/ids.ts';
import type { HubContext } from '../context.ts';
import { LINGER } from '../journal.ts';
import type { Entry } from '../outbox/entry.ts';
import { keyOf } from '../view.ts';

/** What the server has in a refused write's place is held from now on: a change that the cursor has yet to reach. */
export function learnCurrent(
  { replica, journal, outlet }: HubContext,
  entry: Entry,
  current: { readonly version: number; readonly attrs: Attributes } | null,
): void {
  const { topic: name, record } = entry.mutation;
  const topic = replica.get(name);
  // What a function has given twice is another record than the one that it was to be.
  if (isTemporary(record)) return;
  if (!current || !topic?.cursor || current.version <= topic.cursor.offset) return;
  const ops = topic.learn([record, current.version, current.attrs]);
  if (ops.length) journal.write(ops, LINGER.replica);
  outlet.touch(name, keyOf(entry));
}
