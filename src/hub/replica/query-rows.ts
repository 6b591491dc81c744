import { type Attributes, matches } from '../../protocol/attributes.ts';
import type { Row } from '../../protocol/change.ts';
import { type RecordId, type RecordKey, recordKey, type TabId } from '../../protocol/ids.ts';
import { isWhole } from '../../protocol/laying.ts';
import type { Outbox } from '../outbox/outbox.ts';
import { viewOf } from '../view.ts';
import type { Topic } from './topic.ts';

/** What the server chose for a query. */
export interface Chosen {
  readonly query: Attributes;
  readonly records: readonly RecordId[];
  /** What it has just said of them. */
  readonly fresh: readonly Row[];
  /** All with writes on their way are wanted: the tab knows itself which belong. */
  readonly pending: boolean;
}

/**
 * What a query is answered with: what the server chose, and what is on its way on top. Whether that changes what it
 * would choose, only the server knows; by its own reading of a query, though, a record is out that was equal to it and
 * is not any more, and one is in that is now.
 */
export function queryRows(topic: Topic, outbox: Outbox, tab: TabId, chosen: Chosen): Row[] {
  const { query, records, fresh, pending } = chosen;
  const offset = topic.synced ? (topic.cursor?.offset ?? 0) : Number.POSITIVE_INFINITY;
  // A change that has overtaken the topic's own changes: it is about to come.
  const early = new Map<RecordKey, Row>();
  for (const row of fresh) if (row[1] > offset) early.set(recordKey(row[0]), row);
  const named = new Set(records.map(recordKey));
  const rows: Row[] = [];
  for (const record of records) {
    const key = recordKey(record);
    const { attrs, version } = viewOf(topic, outbox, key, tab);
    const before = topic.attrs(key);
    const row = early.get(key);
    const isOut = attrs && before && !pending && matches(before, query) && !matches(attrs, query);
    if (attrs && !isOut) rows.push([record, version, attrs]);
    else if (!attrs && row && outbox.lane(topic.name, key).length === 0) rows.push(row);
  }
  for (const key of outbox.lanesOf(topic.name)) {
    const { record, attrs, version } = viewOf(topic, outbox, key, tab);
    if (named.has(key) || !attrs || record === undefined) continue;
    const [first] = outbox.lane(topic.name, key);
    const isKnown = topic.records.has(key) || (first && isWhole(first.mutation));
    if (isKnown && (pending || matches(attrs, query))) rows.push([record, version, attrs]);
  }
  return rows;
}
