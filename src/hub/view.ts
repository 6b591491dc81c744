import type { Attributes } from '../protocol/attributes.ts';
import type { Row } from '../protocol/change.ts';
import { type RecordId, type RecordKey, recordKey, type TabId } from '../protocol/ids.ts';
import { edited, laidOn } from '../protocol/mutation.ts';
import type { RecordState } from '../protocol/tab-down.ts';
import { authorOf, type Entry } from './outbox/entry.ts';
import type { Outbox } from './outbox/outbox.ts';
import type { Topic } from './replica/topic.ts';

/** A record as the hub shows it. `record` is undefined where nobody has ever named it. */
export interface View {
  readonly record: RecordId | undefined;
  readonly version: number;
  readonly attrs: Attributes | null;
  readonly state: RecordState;
}

/**
 * The record with the mutations of its lane laid on it, as `tab` may see it: its own at once, the others' once they
 * are durable or have their receipt. A refused create stays visible until somebody decides; another refused write does not,
 * nor does one that its user gave up.
 */
export function viewOf(topic: Topic, outbox: Outbox, key: RecordKey, tab: TabId): View {
  const row = topic.records.get(key);
  const lane = outbox.lane(topic.name, key);
  let attrs = row?.attrs ?? null;
  for (const entry of lane) if (entry.shown || authorOf(entry) === tab) attrs = laid(attrs, entry);
  return {
    record: row?.record ?? lane[0]?.mutation.record,
    version: row?.version ?? 0,
    attrs,
    state: stateOf(lane),
  };
}

/** All the records of the topic that are there, as `tab` may see them. */
export function rowsOf(topic: Topic, outbox: Outbox, tab: TabId): Row[] {
  const rows: Row[] = [];
  for (const { key, record, version, attrs } of topic.records.values()) {
    if (outbox.lane(topic.name, key).length === 0) rows.push([record, version, attrs]);
  }
  for (const key of outbox.lanesOf(topic.name)) {
    const { record, version, attrs } = viewOf(topic, outbox, key, tab);
    if (attrs && record !== undefined) rows.push([record, version, attrs]);
  }
  return rows;
}

export function stateOf(lane: readonly Entry[]): RecordState {
  if (lane.some(({ phase }) => phase.type === 'rejected')) return 'rejected';
  return lane.some(({ phase }) => phase.type !== 'awaiting') ? 'pending' : 'clean';
}

/** `attrs` with one write laid on it. */
export function laid(attrs: Attributes | null, { mutation, phase }: Entry): Attributes | null {
  if (phase.type === 'rejected' && mutation.method !== 'create') return attrs;
  if (phase.type === 'withdrawing' && !phase.edit) return attrs;
  const after = laidOn(attrs, mutation);
  return after && phase.type === 'awaiting'
    ? edited(after, phase.receipt.set ?? {}, phase.receipt.unset ?? [])
    : after;
}

export const keyOf = ({ mutation }: Entry): RecordKey => recordKey(mutation.record);
