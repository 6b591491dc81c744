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
  const lanes = new Map<string, Lane>();
  const named = new Set<string>();
  let size = 0;
  let { count } = bounds;
  for (const entry of outbox.moving()) {
    const { mutation, phase } = entry;
    const name = `${mutation.topic}\n${mutation.record}`;
    const lane = lanes.get(name) ?? { wall: wallOf(outbox.laneOf(entry)), cut: null };
    lanes.set(name, lane);
    const waits = phase.type === 'queued' && outbox.hasCreates && nameThem(entry, outbox, named);
    if (lane.cut === 'held') continue;
    if (phase.type !== 'queued' || entry.order > lane.wall) {
      lane.cut = 'held';
      continue;
    }
    const before = lane.cut;
    const full = cuts.length > 0 && size + entry.size > bounds.size;
    if (!waits && before && !full && !named.has(recordKey(mutation.record)) && join(before, entry)) {
      size += entry.size;
      continue;
    }
    if (waits || (before && isOpenCreate(before.entries[0] as Entry))) {
      lane.cut = 'held';
      continue;
    }
    // What broke its push twice goes in ever smaller company, so that one of them is found out.
    if (entry.unanswered >= 2) count = Math.min(count, Math.max(1, Math.floor(entry.batchSize / 2)));
    if (full || cuts.length >= count) break;
    const number = entry.number ?? bounds.number;
    const cut: Cut = { mutation, also: [], number, entries: [entry] };
    cuts.push(cut);
    lane.cut = cut;
    size += entry.size;
  }
  return {
    mutations: cuts.map(({ mutation, also, number }) => ({ mutation, also, number })),
    entries: cuts.flatMap((cut) => cut.entries),
  };
}

interface Lane {
  /** What was accepted after this is held. */
  readonly wall: number;
  cut: Cut | 'held' | null;
}

/** After a refused update the lane goes on; a refused create holds what comes after it. */
function wallOf(lane: readonly Entry[]): number {
  const refused = lane.find((entry) => entry.phase.type === 'rejected' && isOpenCreate(entry));
  return refused?.order ?? Number.POSITIVE_INFINITY;
}

/** Only what was never sent: what may have been is known to the server under its own id. */
function join(cut: Cut, entry: Entry): boolean {
  const [first] = cut.entries;
  if (entry.old || entry.number !== null || first?.old || first?.number !== null) return false;
  if (entry.mutation.recordVersion !== cut.mutation.recordVersion) return false;
  const folded = fold(cut.mutation, entry.mutation);
  if (!folded) return false;
  cut.mutation = folded;
  cut.also.push(idOf(entry));
  cut.entries.push(entry);
  return true;
}

/** Adds to `named` the records that the mutation's topic or attributes name and that it waits for; whether there are any. */
function nameThem(entry: Entry, outbox: Outbox, named: Set<string>): boolean {
  const { topic, record, set } = entry.mutation;
  const own = recordKey(record);
  let any = false;
  const look = (text: string) => {
    if (text === own || !outbox.waitsFor(text, entry)) return;
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
