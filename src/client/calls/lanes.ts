import { mutationWith } from '../../protocol/aliases/mutation-with.ts';
import { type RealId, renamed } from '../../protocol/aliases/renamed.ts';
import type { Attributes } from '../../protocol/attributes.ts';
import { type RecordId, recordKey, type Topic } from '../../protocol/ids.ts';
import { isWhole, laidOn } from '../../protocol/laying.ts';
import type { Value } from '../../protocol/tab-down.ts';
import type { Write as WireWrite } from '../../protocol/tab-up.ts';
import type { Collection, Model } from '../backbone.ts';
import type { Present, Sight } from '../models/apply-sights.ts';
import { type Instance, instanceOf } from '../models/instances.ts';
import type { Settler } from './request.ts';

/** A write that was handed over and has no final word yet. */
export interface Write {
  readonly n: number;
  wire: WireWrite;
  readonly model: Model;
  readonly instance: Instance;
  readonly settler: Settler;
  /** Where a refused delete is put back. */
  readonly collection: Collection | undefined;
  /** The instance as it was before. */
  before: Pick<Instance, 'seen' | 'agreed' | 'parsed' | 'stage'>;
  /** What the model looked like at the call, where nothing was known of its record: what else it had then is no edit. */
  readonly looked?: Attributes | undefined;
  aborted?: boolean;
  /** All that stand or fall with it, itself among them. */
  batch?: readonly Write[];
  /** The hub has not been given it: its batch's function is not over. */
  held?: boolean;
  /** Of a batch that only the server answers. */
  waits?: boolean;
  /** What the hub showed of the record while it was not to be here yet. */
  hidden?: Sight;
  /** It takes the place of a refused one. */
  overtakes?: boolean;
  /** It is durable in the hub. */
  queued?: boolean;
  /** `patience` is over. */
  late?: boolean;
}

/** The open writes, by number and by record, and what is seen with them on top. */
export function createLanes() {
  const open = new Map<number, Write>();
  const lanes = new Map<string, Set<Write>>();
  const keyOf = (topic: Topic, record: RecordId) => `${topic}\n${recordKey(record)}`;
  const keyOfWrite = ({ wire: { mutation } }: Write) => keyOf(mutation.topic, mutation.record);
  const lane = (topic: Topic, record: RecordId) => [...(lanes.get(keyOf(topic, record)) ?? [])];

  /**
   * What is seen with this tab's own writes after number `n` on top; those that wait for the server are shown when it
   * has answered, or when the hub has shown them. Until then a create that waits has no record here: its model is to be the only one.
   */
  function lay(topic: Topic, sight: Sight, n: number): Attributes | null {
    const its = lane(topic, sight.record);
    const unborn = its.find(({ wire }) => wire.wait && wire.mutation.method === 'create');
    if (unborn) unborn.hidden = sight;
    return unborn
      ? null
      : its.reduce(
          (below, write) => (write.n > n && !isHidden(write) ? laidOn(below, write.wire.mutation) : below),
          sight.attrs,
        );
  }

  const isHidden = ({ wire, instance, n }: Write) => wire.wait && instance.n < n;

  /** Whether a write of the record is on its way from here. */
  const isUnderway = ({ topic, record }: Pick<Instance, 'topic' | 'record'>): boolean =>
    record !== undefined && lane(topic, record).length > 0;

  const isUpdate = ({ wire }: Write) => /^(upd|pat)/.test(wire.mutation.method);

  /** It was deleted under an update that is on its way: what becomes of it, the server's word on that will say. */
  function isDoomed({ topic, record, attrs }: Value, n: number): boolean {
    const last = lane(topic, record).at(-1);
    return !attrs && last !== undefined && last.n > n && isUpdate(last);
  }

  /** Whether an update of it is on its way, here or in another tab. */
  function holds(model: Model): boolean {
    const { record, topic, state } = instanceOf(model) ?? {};
    if (record === undefined || !topic) return false;
    return state === 'pending' || lane(topic, record).slice(-1).some(isUpdate);
  }

  /**
   * The rows of a topic with this tab's own later writes on top: what it created is among them, what it deleted is not.
   * `isQuery`: they are not all that the topic has, so that nothing is known of a record that is not among them.
   */
  function layRows(topic: Topic, rows: readonly Present[], n: number, isQuery = false): readonly Present[] {
    if (!open.size) return rows;
    const below = new Map<string, Sight>(rows.map((row) => [recordKey(row.record), row]));
    for (const { wire } of open.values()) {
      const { topic: its, record } = wire.mutation;
      const key = recordKey(record);
      if (its === topic && !below.has(key) && (!isQuery || isWhole(wire.mutation)))
        below.set(key, { record, attrs: null });
    }
    return [...below.values()].flatMap((sight) => {
      const attrs = lay(topic, sight, n);
      return attrs ? [{ ...sight, attrs }] : [];
    });
  }

  function enter(write: Write) {
    const key = keyOfWrite(write);
    lanes.set(key, (lanes.get(key) ?? new Set()).add(write));
  }

  function leave(write: Write) {
    const key = keyOfWrite(write);
    lanes.get(key)?.delete(write);
    if (!lanes.get(key)?.size) lanes.delete(key);
  }

  return {
    open,
    lane,
    lay,
    layRows,
    isUnderway,
    isDoomed,
    holds,
    add(write: Write) {
      open.set(write.n, write);
      enter(write);
    },
    /** Records that writes name have their ids now. */
    rename(real: RealId) {
      for (const write of open.values()) {
        const mutation = mutationWith(write.wire.mutation, real);
        write.before = renamed(write.before, real);
        if (write.hidden) write.hidden = renamed(write.hidden, real);
        if (mutation !== write.wire.mutation) write.wire = { ...write.wire, mutation };
      }
      // Each in its place: what only names one of them stays before what was written after it.
      lanes.clear();
      open.forEach(enter);
    },
    drop(write: Write) {
      open.delete(write.n);
      leave(write);
    },
  };
}
