import type { Json } from '../../base/json.ts';
import type { MutationId } from '../../protocol/ids.ts';
import { recordKey } from '../../protocol/ids.ts';
import type { Mutation } from '../../protocol/mutation.ts';
import type { Sent } from '../../protocol/server-up.ts';
import { type Entry, idOf, isOpenCreate } from './entry.ts';
import { fold } from './fold.ts';
import type { Outbox } from './outbox.ts';

export interface Batch {
  readonly mutations: readonly Sent[];
  readonly entries: readonly Entry[];
}

export interface Bounds {
  readonly count: number;
  readonly size: number;
  /** The receipt number that is current. */
  readonly number: number;
}

interface Cut {
  mutation: Mutation;
  also: MutationId[];
  number: number;
  entries: Entry[];
}

/**
 * What the next push carries, in the outbox's order; empty = nothing may go now. Pure.
 *
 * A lane goes on only where nothing of it is on its way, parked, or a create that is not applied: a lane is never in
 * two unanswered pushes, and what follows a create comes after its receipt, unless it is folded into it. A write that
 * names the record of such a create that was accepted before it waits with its whole lane; nothing is folded past it.
 */
export function cutBatch(outbox: Outbox, bounds: Bounds): Batch {
  const cuts: Cut[] = [];
  const lanes = new Map<string, Cut | 'held'>();
  const creates = new Set<string>();
  const named = new Set<string>();
  let size = 0;
  let { count } = bounds;
  for (const entry of outbox.entries()) {
    const { mutation, phase } = entry;
    if (phase.type === 'awaiting') continue;
    const lane = `${mutation.topic}\n${mutation.record}`;
    const before = lanes.get(lane);
    const waits = phase.type === 'queued' && creates.size > 0 && nameThem(mutation, creates, named);
    if (isOpenCreate(entry)) creates.add(recordKey(mutation.record));
    if (before === 'held') continue;
    if (phase.type !== 'queued') {
      if (holdsLane(entry)) lanes.set(lane, 'held');
      continue;
    }
    const full = cuts.length > 0 && size + entry.size > bounds.size;
    if (!waits && before && !full && !named.has(recordKey(mutation.record)) && join(before, entry)) {
      size += entry.size;
      continue;
    }
    if (waits || (before && isOpenCreate(before.entries[0] as Entry))) {
      lanes.set(lane, 'held');
      continue;
    }
    // What broke its push twice goes in ever smaller company, so that one of them is found out.
    if (entry.unanswered >= 2) count = Math.min(count, Math.max(1, Math.floor(entry.batchSize / 2)));
    if (full || cuts.length >= count) break;
    const number = entry.number ?? bounds.number;
    const cut: Cut = { mutation, also: [], number, entries: [entry] };
    cuts.push(cut);
    lanes.set(lane, cut);
    size += entry.size;
  }
  return {
    mutations: cuts.map(({ mutation, also, number }) => ({ mutation, also, number })),
    entries: cuts.flatMap((cut) => cut.entries),
  };
}

/** After a refused update the lane goes on; a refused create holds what comes after it. */
function holdsLane(entry: Entry): boolean {
  return entry.phase.type !== 'rejected' || isOpenCreate(entry);
}

/** Only what was never sent: what may have been is known to the server under its own id. */
function join(cut: Cut, entry: Entry): boolean {
  const [first] = cut.entries;
  if (entry.old || entry.number !== null || first?.old || first?.number !== null) return false;
  const folded = fold(cut.mutation, entry.mutation);
  if (!folded) return false;
  cut.mutation = folded;
  cut.also.push(idOf(entry));
  cut.entries.push(entry);
  return true;
}

/** Adds to `named` which of these records the mutation's topic or attributes name; whether there are any. */
function nameThem(
  { topic, record, set }: Mutation,
  creates: ReadonlySet<string>,
  named: Set<string>,
): boolean {
  const own = recordKey(record);
  let any = false;
  const look = (text: string) => {
    if (text === own || !creates.has(text)) return;
    named.add(text);
    any = true;
  };
  topic.split('/').forEach(look);
  eachText(set, look);
  return any;
}

function eachText(value: Json, look: (text: string) => void): void {
  if (typeof value === 'string') look(value);
  else if (typeof value === 'object' && value !== null)
    for (const item of Object.values(value)) eachText(item, look);
}
