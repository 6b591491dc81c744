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
 * names the record of such a create that was accepted before it waits with its whole lane.
 */
export function cutBatch(outbox: Outbox, bounds: Bounds): Batch {
  const cuts: Cut[] = [];
  const lanes = new Map<string, Cut | 'held'>();
  const creates = new Set<string>();
  let size = 0;
  let count = bounds.count;
  for (const entry of outbox.entries()) {
    if (entry.phase.type === 'awaiting') continue;
    const lane = `${entry.mutation.topic}\n${entry.mutation.record}`;
    const before = lanes.get(lane);
    const dependent = namesOne(entry.mutation, creates);
    if (isOpenCreate(entry)) creates.add(recordKey(entry.mutation.record));
    if (before === 'held') continue;
    if (entry.phase.type !== 'queued') {
      if (holdsLane(entry)) lanes.set(lane, 'held');
      continue;
    }
    if (before && join(before, entry)) {
      size += entry.size;
      continue;
    }
    if (dependent || (before && isOpenCreate(before.entries[0] as Entry))) {
      lanes.set(lane, 'held');
      continue;
    }
    // What broke its push twice goes in ever smaller company, so that one of them is found out.
    if (cuts.length === 0 && entry.unanswered >= 2) count = Math.max(1, Math.floor(entry.batchSize / 2));
    if (cuts.length >= count || (cuts.length > 0 && size + entry.size > bounds.size)) break;
    if (
      cuts.length > 0 &&
      entry.unanswered >= 2 &&
      cuts.length >= Math.max(1, Math.floor(entry.batchSize / 2))
    )
      break;
    const cut: Cut = {
      mutation: entry.mutation,
      also: [],
      number: entry.number ?? bounds.number,
      entries: [entry],
    };
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

function join(cut: Cut, entry: Entry): boolean {
  if (entry.old || entry.number !== null || cut.entries.some(({ old, number }) => old || number !== null))
    return false;
  const folded = fold(cut.mutation, entry.mutation);
  if (!folded) return false;
  cut.mutation = folded;
  cut.also.push(idOf(entry));
  cut.entries.push(entry);
  return true;
}

/** Whether the mutation's topic or attributes name one of these records. */
function namesOne({ topic, record, set }: Mutation, creates: ReadonlySet<string>): boolean {
  if (creates.size === 0) return false;
  const own = recordKey(record);
  const names = (text: string) => text !== own && creates.has(text);
  return topic.split('/').some(names) || holds(set, names);
}

function holds(value: Json, names: (text: string) => boolean): boolean {
  if (typeof value === 'string') return names(value);
  if (typeof value !== 'object' || value === null) return false;
  return Object.values(value).some((item) => holds(item, names));
}
