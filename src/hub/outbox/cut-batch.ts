import { type MutationId, recordKey } from '../../protocol/ids.ts';
import type { Mutation } from '../../protocol/mutation.ts';
import type { Sent } from '../../protocol/server-up.ts';
import { type Entry, idOf, isOpenCreate, isQueued, isRefused, isSuspect } from './entry.ts';
import { fold } from './fold.ts';
import type { Outbox } from './outbox.ts';

export interface Batch {
  readonly mutations: readonly Sent[];
  readonly entries: readonly Entry[];
  /** How many of them could go without the others: a batch is one. */
  readonly units: number;
  /** What could go only with the temporary id of a record that waits for it, or that nothing is to make. */
  readonly caught: readonly Entry[];
}

export interface Bounds {
  readonly count: number;
  readonly size: number;
  /** The receipt number that is current. */
  readonly number: number;
  /** What may break its push is on its way: with a second it could not be told whose fault it is. */
  readonly isTrying?: boolean;
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
 * A batch goes whole, one write behind the other, or waits with all its lanes.
 */
export function cutBatch(outbox: Outbox, bounds: Bounds): Batch {
  const push = new Cutting(outbox, bounds);
  for (const entry of outbox.moving()) if (!push.look(entry)) break;
  return push.made;
}

interface Lane {
  /** What was accepted after this is held. */
  readonly wall: number;
  cut: Cut | 'held' | null;
}

class Cutting {
  readonly #outbox: Outbox;
  readonly #bounds: Bounds;
  readonly #cuts: Cut[] = [];
  readonly #lanes = new Map<string, Lane>();
  readonly #named = new Set<string>();
  readonly #caught: Entry[] = [];
  /** The batches that were looked at, with the first of them that was met. */
  readonly #batches = new Set<MutationId>();
  #size = 0;
  #units = 0;
  #most = Number.POSITIVE_INFINITY;

  constructor(outbox: Outbox, bounds: Bounds) {
    this.#outbox = outbox;
    this.#bounds = bounds;
  }

  get made(): Batch {
    return {
      mutations: this.#cuts.map(({ entries, ...sent }) => sent),
      entries: this.#cuts.flatMap((cut) => cut.entries),
      units: this.#units,
      caught: this.#caught,
    };
  }

  /** Whether there is room for more. */
  look(entry: Entry): boolean {
    const { batch } = entry.mutation;
    if (!batch) return this.#single(entry);
    if (this.#batches.has(batch.id)) return true;
    this.#batches.add(batch.id);
    return this.#whole(this.#outbox.unitOf(entry));
  }

  #single(entry: Entry): boolean {
    const lane = this.#laneOf(entry);
    const isFree = isQueued(entry) && !this.#waits([entry]) && entry.order < lane.wall;
    const before = lane.cut;
    if (before === 'held') return true;
    const isNamed = this.#named.has(recordKey(entry.mutation.record));
    if (isFree && before && !isNamed && this.#hasRoom([entry]) && join(before, entry)) {
      this.#size += entry.size;
      return true;
    }
    if (isFree && !(before && isOpenCreate(before.entries[0] as Entry))) return this.#take([entry]);
    lane.cut = 'held';
    return true;
  }

  /** Nothing of its lanes goes in the same push, before it or behind. */
  #whole(unit: readonly Entry[]): boolean {
    const isFree = unit.every((entry) => {
      const { wall, cut } = this.#laneOf(entry);
      return !cut && entry.order < wall;
    });
    for (const entry of unit) this.#laneOf(entry).cut = 'held';
    // What has its receipt already is not sent with the rest, whose receipts are there too.
    const left = unit.filter((entry) => !hasEnded(entry));
    if (!left.every(isQueued) || this.#waits(unit) || !isFree) return true;
    return this.#take(left);
  }

  #take(unit: readonly Entry[]): boolean {
    // What broke its push twice goes in ever smaller company, so that one of them is found out.
    for (const entry of unit)
      if (isSuspect(entry)) this.#most = Math.min(this.#most, Math.max(1, Math.floor(entry.batchSize / 2)));
    const isMany = this.#cuts.length > 0 && this.#cuts.length + unit.length > this.#bounds.count;
    if (isMany || this.#units >= this.#most || !this.#hasRoom(unit)) return false;
    this.#units++;
    for (const entry of unit) {
      const number = entry.number ?? this.#bounds.number;
      const cut: Cut = { mutation: entry.mutation, also: [], number, entries: [entry] };
      this.#cuts.push(cut);
      this.#size += entry.size;
      if (!entry.mutation.batch) this.#laneOf(entry).cut = cut;
    }
    return true;
  }

  /** One unit is taken however large it is. */
  #hasRoom(unit: readonly Entry[]): boolean {
    const size = unit.reduce((sum, entry) => sum + entry.size, this.#size);
    return this.#cuts.length === 0 || size <= this.#bounds.size;
  }

  /** Whether it names what is to be made before it, or never will be, where nothing is folded past it; or may break its push, as another may. */
  #waits(unit: readonly Entry[]): boolean {
    const creates = this.#outbox.awaitedBy(unit);
    for (const { mutation } of creates) this.#named.add(recordKey(mutation.record));
    const isCaught = this.#outbox.isLost(unit) || this.#outbox.isCaught(unit, creates);
    if (isCaught) this.#caught.push(...unit.filter(isQueued));
    return isCaught || creates.length > 0 || (this.#bounds.isTrying === true && unit.some(isSuspect));
  }

  #laneOf(entry: Entry): Lane {
    const { topic, record } = entry.mutation;
    const name = `${topic}\n${record}`;
    const lane = this.#lanes.get(name) ?? { wall: wallOf(this.#outbox.laneOf(entry)), cut: null };
    this.#lanes.set(name, lane);
    return lane;
  }
}

const hasEnded = (entry: Entry): boolean => entry.phase.type === 'awaiting' || isRefused(entry);

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
