import type { MutationId, RecordKey, Topic } from '../../protocol/ids.ts';
import { recordKey } from '../../protocol/ids.ts';
import { Awaiting } from './awaiting.ts';
import { type Entry, idOf, type Phase } from './entry.ts';

/** The mutations without a final end, in the order of acceptance, in memory. It decides nothing: it finds and counts. */
export class Outbox {
  readonly #byOrder = new Map<number, Entry>();
  readonly #byId = new Map<MutationId, Entry>();
  readonly #lanes = new Map<Topic, Map<RecordKey, Entry[]>>();
  /** Those whose effect is there, above their topic's cursor. */
  readonly awaiting = new Awaiting();
  #order = 0;
  #rejected = 0;
  #waiting = 0;

  /** On their way: neither applied nor rejected. */
  get pending(): number {
    return this.#byOrder.size - this.#rejected - this.#waiting;
  }

  get rejected(): number {
    return this.#rejected;
  }

  nextOrder(): number {
    return ++this.#order;
  }

  /** In order. Entries may be removed while iterating. */
  entries(): IterableIterator<Entry> {
    return this.#byOrder.values();
  }

  get(id: MutationId): Entry | undefined {
    return this.#byId.get(id);
  }

  /** The mutations of one record, in order. */
  lane(topic: Topic, key: RecordKey): readonly Entry[] {
    return this.#lanes.get(topic)?.get(key) ?? [];
  }

  laneOf({ mutation }: Entry): readonly Entry[] {
    return this.lane(mutation.topic, recordKey(mutation.record));
  }

  /** The records of a topic that have mutations. */
  lanesOf(topic: Topic): IterableIterator<RecordKey> {
    return (this.#lanes.get(topic) ?? new Map<RecordKey, Entry[]>()).keys();
  }

  add(entry: Entry): void {
    const { topic, record } = entry.mutation;
    this.#order = Math.max(this.#order, entry.order);
    this.#byOrder.set(entry.order, entry);
    this.#byId.set(idOf(entry), entry);
    const lanes = this.#lanes.get(topic) ?? new Map<RecordKey, Entry[]>();
    this.#lanes.set(topic, lanes);
    const lane = lanes.get(recordKey(record));
    if (lane) lane.push(entry);
    else lanes.set(recordKey(record), [entry]);
    this.#count(entry, 1);
  }

  /** The entry's next phase, or another mutation in its place, or both: the counts follow. */
  change(entry: Entry, to: { readonly phase?: Phase; readonly mutation?: Entry['mutation'] }): void {
    this.#count(entry, -1);
    this.#byId.delete(idOf(entry));
    Object.assign(entry, to);
    this.#byId.set(idOf(entry), entry);
    this.#count(entry, 1);
  }

  remove(entry: Entry): void {
    if (!this.#byOrder.delete(entry.order)) return;
    const { topic, record } = entry.mutation;
    this.#byId.delete(idOf(entry));
    this.#count(entry, -1);
    const lanes = this.#lanes.get(topic);
    const lane = lanes?.get(recordKey(record));
    lane?.splice(lane.indexOf(entry), 1);
    if (lane?.length === 0) lanes?.delete(recordKey(record));
    if (lanes?.size === 0) this.#lanes.delete(topic);
  }

  #count(entry: Entry, by: 1 | -1): void {
    const { phase } = entry;
    if (phase.type === 'rejected') this.#rejected += by;
    if (phase.type === 'awaiting') {
      this.#waiting += by;
      if (by > 0) this.awaiting.add(entry);
      else this.awaiting.delete(entry);
    }
  }
}
