import type { AliasRow, Op, OutboxRow, ReplicaRow, TopicRow } from '../../src/hub/storage.ts';
import type { Attributes } from '../../src/protocol/attributes.ts';
import {
  type Boot,
  type Epoch,
  type Mark,
  type MutationId,
  type RecordId,
  recordKey,
  type Topic,
  type UserId,
} from '../../src/protocol/ids.ts';

export const boot = (name: string) => name as Boot;
export const topic = (path: string) => path as Topic;

export function outboxRow(order: number, set: Attributes = { title: `card ${order}` }): OutboxRow {
  const mutation = {
    id: `tab:${order}` as MutationId,
    user: 'ada' as UserId,
    topic: topic('/cards'),
    record: `card-${order}`,
    method: 'create' as const,
    set,
    unset: [],
    base: null,
    was: {},
  };
  return { order, mutation, number: null, receipt: null, attempts: 0 };
}

export function replicaRow(path: string, record: RecordId, version = 1, attrs: Attributes = {}): ReplicaRow {
  return { topic: topic(path), key: recordKey(record), record, version, attrs };
}

export function topicRow(path: string, offset: number): TopicRow {
  const cursor = { epoch: 'epoch' as Epoch, offset, mark: `mark-${offset}` as Mark };
  return { topic: topic(path), cursor, syncedAt: 1_700_000_000_000 };
}

export const putMutation = (row: OutboxRow): Op => ({ type: 'putMutation', row });
export const putRecord = (row: ReplicaRow): Op => ({ type: 'putRecord', row });
export const putTopic = (row: TopicRow): Op => ({ type: 'putTopic', row });

export const aliasRow = (temporary: string, record: RecordId): AliasRow => ({
  topic: topic('/cards'),
  temporary: recordKey(temporary),
  record,
});
export const putAlias = (row: AliasRow): Op => ({ type: 'putAlias', row });
