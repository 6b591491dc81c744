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
  /** The refused write that its user has yet to decide about. */
  readonly refused: Entry | undefined;
  /** Nothing is said of it now. It was deleted under an update that is on its way: what becomes of it, the server's word on that will say. */
  readonly withheld: boolean;
}

/** As most records are at any moment. */
const NOTHING_WRITTEN = { state: 'clean', refused: undefined, withheld: false } as const;

/**
 * The record with the mutations of its lane laid on it, as `tab` may see it: its own at once, the others' once they
 * are durable or have their receipt. A refused create of what is not there stays visible until somebody decides; another
 * refused write does not, nor does one that its user gave up.
 */
export function viewOf(topic: Topic, outbox: Outbox, key: RecordKey, tab: TabId): View {
  const row = topic.records.get(key);
  const lane = outbox.lane(topic.name, key);
  if (!lane.length)
    return { ...NOTHING_WRITTEN, record: row?.record, version: row?.version ?? 0, attrs: row?.attrs ?? null };
  const seen = lane.filter((entry) => !entry.past && (entry.shown || authorOf(entry) === tab));
  const attrs = seen.reduce(laid, row?.attrs ?? null);
  const last = seen.at(-1);
  const version = seen.reduce(versionWith, row?.version ?? 0);
  // A hub before has shown it with what a repeated write did, of which this one has heard nothing yet but the receipt.
  const behind = lane.some((entry) => entry.past && versionWith(version, entry) > version);
  return {
    record: row?.record ?? lane[0]?.mutation.record,
    version,
    attrs,
    state: stateOf(lane),
    refused: lane.findLast(({ phase }) => phase.type === 'rejected'),
    withheld:
      behind || (!attrs && last !== undefined && last.mutation.method !== 'delete' && isUnderway(last)),
  };
}

/** All the records of the topic that are there, as `tab` may see them: what is written to keeps its place, what is new comes last. */
export function rowsOf(topic: Topic, outbox: Outbox, tab: TabId): Row[] {
  const rows: Row[] = [];
  const add = (key: RecordKey) => {
    const { record, version, attrs } = viewOf(topic, outbox, key, tab);
    if (attrs && record !== undefined) rows.push([record, version, attrs]);
  };
  for (const { key, record, version, attrs } of topic.records.values())
    if (outbox.lane(topic.name, key).length) add(key);
    else rows.push([record, version, attrs]);
  for (const key of outbox.lanesOf(topic.name)) if (!topic.records.has(key)) add(key);
  return rows;
}

/** What was applied is seen with its effect. */
const versionWith = (version: number, { phase }: Entry): number =>
  phase.type === 'awaiting' ? Math.max(version, phase.receipt.offset) : version;

/** On its way to the server, for all that its tab knows. */
export const isUnderway = ({ phase: { type } }: Entry): boolean =>
  type === 'queued' || type === 'sent' || type === 'parked';

export function stateOf(lane: readonly Entry[]): RecordState {
  if (lane.some(({ phase }) => phase.type === 'rejected')) return 'rejected';
  return lane.some(({ phase }) => phase.type !== 'awaiting') ? 'pending' : 'clean';
}

/** `attrs` with one write laid on it. */
export function laid(attrs: Attributes | null, { mutation, phase, old, past }: Entry): Attributes | null {
  if (past) return attrs;
  if (phase.type === 'rejected' && (mutation.method !== 'create' || attrs)) return attrs;
  // What is there is this create's own doing, which the hub before has not heard of, or another's, whose it stays.
  if (old && attrs && mutation.method === 'create' && phase.type !== 'awaiting') return attrs;
  if (phase.type === 'withdrawing' && !phase.edit) return attrs;
  const after = laidOn(attrs, mutation);
  return after && phase.type === 'awaiting'
    ? edited(after, phase.receipt.set ?? {}, phase.receipt.unset ?? [])
    : after;
}

export const keyOf = ({ mutation }: Entry): RecordKey => recordKey(mutation.record);
