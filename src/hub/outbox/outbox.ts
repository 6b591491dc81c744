import {
  isTemporary,
  type MutationId,
  mutationNumber,
  type RecordKey,
  recordKey,
  type TabId,
  type Topic,
} from '../../protocol/ids.ts';
import type { Mutation } from '../../protocol/mutation.ts';
import type { FinalReceipt } from '../../protocol/receipt.ts';
import { Batches } from '../batches/batches.ts';
import { namesIn } from '../lanes/names-in.ts';
import { Awaiting } from './awaiting.ts';
import { authorOf, type Entry, freshEntry, GIVEN_UP, idOf, isOpenCreate, type Phase } from './entry.ts';
import { InOrder } from './in-order.ts';

/** Most of what is kept for tabs that sleep; those that are closed never ask. */
const MISSED = 1_000;

/** The mutations without a final end, in the order of acceptance, in memory. It decides nothing: it finds and counts. */
export class Outbox {
  readonly #all = new InOrder();
  /** Those that are neither applied nor rejected: what a drain looks at. */
  readonly #moving = new InOrder();
  readonly #byId = new Map<MutationId, Entry>();
  readonly #lanes = new Map<Topic, Map<RecordKey, Entry[]>>();
  /** By record key, the creates that the server has not applied, as far as is known here. */
  readonly #creates = new Map<RecordKey, readonly Entry[]>();
  /** Those whose effect is there, above their topic's cursor. */
  readonly awaiting = new Awaiting();
  /** With the server's word, those whose tab was not there to hear it. */
  readonly #missed = new Map<MutationId, Entry>();
  readonly #batches = new Batches();
  /** How many are rejected of each batch, or of what is of none; by the batch's id or its own. */
  readonly #rejected = new Map<MutationId, number>();
  #order = 0;
  /** Of the creates, those that wait for an id from the server. */
  #temporaries = 0;

  /** On their way: neither applied nor rejected. */
  get pending(): number {
    return this.#moving.size;
  }

  /** A batch counts once. */
  get rejected(): number {
    return this.#rejected.size;
  }

  /** The highest order that was given. */
  get last(): number {
    return this.#order;
  }

  /** Orders up to this one are taken. */
  reserve(order: number): void {
    this.#order = Math.max(this.#order, order);
  }

  nextOrder(): number {
    return ++this.#order;
  }

  /** In order. Entries may be removed while iterating. */
  entries(): Iterable<Entry> {
    return this.#all;
  }

  /** Those that are neither applied nor rejected, in order. Entries may be removed while iterating. */
  moving(): Iterable<Entry> {
    return this.#moving;
  }

  /**
   * The creates that are not applied and that a unit waits for, as it names their records: those accepted before it. A
   * temporary id means nothing to the server: of what has one, a create that took a refused one's place later, too.
   */
  awaitedBy(unit: readonly Entry[]): readonly Entry[] {
    if (this.#creates.size === 0) return [];
    return unit
      .flatMap(({ mutation }) => namesIn(mutation))
      .flatMap((name) => this.#creates.get(name as RecordKey) ?? [])
      .filter((create) => isTemporary(create.mutation.record) || isBefore(create, unit));
  }

  /** Whether a unit names what has no id, and that nothing here is to make: its create was given up. */
  isLost(unit: readonly Entry[]): boolean {
    const isLost = (name: string) => isTemporary(name) && !this.#creates.has(recordKey(name));
    return unit.some(({ isNaming, mutation }) => isNaming && namesIn(mutation).some(isLost));
  }

  /** Whether one of the creates that a unit waits for goes with it or after it: by its batch, its lane, or what it names. */
  isCaught(unit: readonly Entry[], creates: readonly Entry[]): boolean {
    const before = new Set(creates.filter((create) => !isBefore(create, unit)));
    // Those that are added are looked at, too.
    for (const entry of before) {
      const members = this.unitOf(entry);
      const earlier = this.laneOf(entry).filter(({ order }) => order < entry.order);
      for (const other of [...members, ...earlier, ...this.awaitedBy(members)]) before.add(other);
    }
    return unit.some((entry) => before.has(entry));
  }

  get hasTemporaries(): boolean {
    return this.#temporaries > 0;
  }

  get(id: MutationId): Entry | undefined {
    return this.#byId.get(id);
  }

  /** Its tab is not there to hear the server's word. If it sleeps, it repeats this when it wakes, however the record stands by then. */
  miss(entry: Entry, receipt: FinalReceipt): void {
    this.#missed.set(idOf(entry), { ...entry, phase: { type: 'rejected', receipt } });
    const [oldest] = this.#missed.keys();
    if (oldest && this.#missed.size > MISSED) this.#missed.delete(oldest);
  }

  /** As {@link get}, or as its tab has missed it. */
  known(id: MutationId): Entry | undefined {
    return this.get(id) ?? this.#missed.get(id);
  }

  /** What it stands or falls with, in order: the members of its batch that are here; itself alone where it is of none. */
  unitOf(entry: Entry): readonly Entry[] {
    return this.#batches.of(entry);
  }

  /** The mutations of one record, in order. */
  lane(topic: Topic, key: RecordKey): readonly Entry[] {
    return this.#lanes.get(topic)?.get(key) ?? [];
  }

  laneOf({ mutation }: Pick<Entry, 'mutation'>): readonly Entry[] {
    return this.lane(mutation.topic, recordKey(mutation.record));
  }

  /** The records of a topic that have mutations. */
  lanesOf(topic: Topic): IterableIterator<RecordKey> {
    return (this.#lanes.get(topic) ?? new Map<RecordKey, Entry[]>()).keys();
  }

  /** The number of the tab's last mutation here; 0 = there is none. */
  lastOf(tab: TabId): number {
    const its = [...this.#all].filter((entry) => authorOf(entry) === tab);
    return its.reduce((last, entry) => Math.max(last, mutationNumber(idOf(entry))), 0);
  }

  add(entry: Entry): void {
    const { topic, record } = entry.mutation;
    this.#order = Math.max(this.#order, entry.order);
    this.#all.add(entry);
    this.#byId.set(idOf(entry), entry);
    const lanes = this.#lanes.get(topic) ?? new Map<RecordKey, Entry[]>();
    this.#lanes.set(topic, lanes);
    const lane = lanes.get(recordKey(record));
    // One that comes back takes its old place.
    if (lane) lane.splice(lane.findLastIndex(({ order }) => order < entry.order) + 1, 0, entry);
    else lanes.set(recordKey(record), [entry]);
    this.#count(entry, 1);
    this.#move(entry);
  }

  /** What is not to be queued, and its hub is gone, that may have sent it: it is withdrawn before what follows it here goes. */
  addOrphan(mutation: Mutation): void {
    this.add({ ...freshEntry(mutation), ...GIVEN_UP, order: -this.nextOrder(), kept: false });
  }

  /** The entry's next phase, or another mutation in its place, or both: the counts follow. */
  change(entry: Entry, to: { readonly phase?: Phase; readonly mutation?: Entry['mutation'] }): void {
    this.#count(entry, -1);
    this.#byId.delete(idOf(entry));
    Object.assign(entry, to);
    this.#byId.set(idOf(entry), entry);
    this.#count(entry, 1);
    this.#move(entry);
  }

  /** The entry's record, or what it is under, has another name: it goes to the lane of that, in its place. */
  rename(entry: Entry, mutation: Entry['mutation'], phase: Phase): void {
    this.remove(entry);
    Object.assign(entry, { mutation, phase });
    this.add(entry);
  }

  remove(entry: Entry): void {
    if (!this.#all.delete(entry)) return;
    const { topic, record } = entry.mutation;
    this.#byId.delete(idOf(entry));
    this.#moving.delete(entry);
    this.#count(entry, -1);
    const lanes = this.#lanes.get(topic);
    const lane = lanes?.get(recordKey(record));
    lane?.splice(lane.indexOf(entry), 1);
    if (lane?.length === 0) lanes?.delete(recordKey(record));
    if (lanes?.size === 0) this.#lanes.delete(topic);
  }

  #count(entry: Entry, by: 1 | -1): void {
    const { type } = entry.phase;
    if (isOpenCreate(entry)) this.#countCreate(entry, by);
    if (by > 0) this.#batches.add(entry);
    else this.#batches.delete(entry);
    if (type === 'rejected') this.#countRejected(entry.mutation, by);
    if (type === 'awaiting') {
      if (by > 0) this.awaiting.add(entry);
      else this.awaiting.delete(entry);
    }
  }

  #countRejected({ batch, id }: Entry['mutation'], by: 1 | -1): void {
    const key = batch?.id ?? id;
    const count = (this.#rejected.get(key) ?? 0) + by;
    if (count > 0) this.#rejected.set(key, count);
    else this.#rejected.delete(key);
  }

  /** One that goes on moving keeps its place. */
  #move(entry: Entry): void {
    const { type } = entry.phase;
    if (type === 'awaiting' || type === 'rejected') this.#moving.delete(entry);
    else this.#moving.add(entry);
  }

  #countCreate(entry: Entry, by: 1 | -1): void {
    const key = recordKey(entry.mutation.record);
    if (isTemporary(key)) this.#temporaries += by;
    const others = (this.#creates.get(key) ?? []).filter((other) => other !== entry);
    const creates = by > 0 ? [...others, entry] : others;
    if (creates.length > 0) this.#creates.set(key, creates);
    else this.#creates.delete(key);
  }
}

const isBefore = (entry: Entry, unit: readonly Entry[]): boolean =>
  unit.every(({ order }) => entry.order < order);
