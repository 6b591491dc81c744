import type { HubContext } from '../context.ts';
import { LINGER } from '../journal.ts';
import { type Entry, rowOf } from '../outbox/entry.ts';
import type { Op } from '../storage.ts';

/*
 * From which receipt number on a write may have been sent is on the disk before it is: a hub that dies leaves it to the
 * next. A step for each push would be a transaction for each, which takes with it what could wait.
 */

/** So many writes are told at a time. */
const AHEAD = 2_000;

const isUntold = ({ kept, since }: Entry): boolean => kept && since === null;

/** These are sent now; the disk is told that, and of what follows them. */
export function foretell({ outbox, journal }: HubContext, sent: readonly Entry[], number: number): void {
  if (!sent.some(isUntold)) return;
  const ops: Op[] = [];
  for (const entry of outbox.moving()) {
    if (!isUntold(entry)) continue;
    entry.since = number;
    ops.push({ type: 'putMutation', row: rowOf(entry) });
    if (ops.length === AHEAD) break;
  }
  journal.write(ops, LINGER.receipt);
}

/** The connection is gone: what was never sent over it is told as that, since nobody knows of it. */
export function takeBack({ outbox, journal }: HubContext): void {
  const ops: Op[] = [];
  for (const entry of outbox.moving()) {
    if (entry.number !== null || entry.since === null) continue;
    entry.since = null;
    if (entry.kept) ops.push({ type: 'putMutation', row: rowOf(entry) });
  }
  if (ops.length > 0) journal.write(ops);
}
