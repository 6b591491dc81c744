import { unreachable } from '../../base/assert.ts';
import type { Topic } from '../../protocol/ids.ts';
import type { Op } from '../storage.ts';
import type { Meta, StoredRecord, StoreName } from './schema.ts';

/** The row about the database itself once the steps are done; the same where they do not touch it. */
export function metaAfter(meta: Meta, ops: readonly Op[]): Meta {
  const newest = ops.findLast((op) => op.type === 'putRecordVersion');
  const sealed = ops.findLast((op) => op.type === 'putSeal');
  const token = ops.findLast((op) => op.type === 'putToken' || op.type === 'erase');
  if (!newest && !sealed && !token) return meta;
  return {
    ...meta,
    ...(newest && { recordVersion: newest.recordVersion }),
    ...(sealed && { seal: sealed.seal }),
    ...(token && { token: token.type === 'putToken' ? token.token : null }),
  };
}

const STORES: { readonly [type in Op['type']]: readonly StoreName[] } = {
  putMutation: ['outbox'],
  deleteMutation: ['outbox'],
  putRecord: ['records'],
  deleteRecord: ['records'],
  putTopic: ['topics'],
  putQuery: ['queries'],
  deleteQuery: ['queries'],
  clearTopic: ['topics', 'records', 'queries'],
  putAlias: ['aliases'],
  deleteAlias: ['aliases'],
  erase: ['outbox', 'records', 'topics', 'queries', 'aliases', 'aside'],
  putRecordVersion: [],
  putSeal: [],
  putToken: [],
};

/** The object stores that a transaction of these steps needs; only they are locked against other transactions. */
export function storesOf(ops: readonly Op[]): StoreName[] {
  const names = new Set<StoreName>(['meta']);
  for (const { type } of ops) for (const name of STORES[type]) names.add(name);
  return [...names];
}

/** All keys `[topic, …]`: an array sorts after every string. */
export const allOf = (topic: Topic): IDBKeyRange => IDBKeyRange.bound([topic], [topic, []]);

/** Asks for the steps but those on mutations, one after the other, without waiting: a transaction carries its requests out in order. */
export function requestOps(transaction: IDBTransaction, ops: readonly Op[]): void {
  const store = (name: StoreName) => transaction.objectStore(name);
  for (const op of ops) {
    switch (op.type) {
      case 'putMutation':
      case 'deleteMutation':
        break; // in packs
      case 'putRecordVersion':
      case 'putSeal':
      case 'putToken':
        break; // beside the generation
      case 'erase':
        for (const name of ['topics', 'records', 'queries'] as const) store(name).clear();
        for (const name of op.outbox ? (['outbox', 'aliases', 'aside'] as const) : []) store(name).clear();
        break;
      case 'putRecord': {
        const { topic, key, record, version, attrs, recordVersion } = op.row;
        const row: StoredRecord = [record, version, attrs];
        store('records').put(recordVersion ? [...row, recordVersion] : row, [topic, key]);
        break;
      }
      case 'deleteRecord':
        store('records').delete([op.topic, op.key]);
        break;
      case 'putTopic':
        store('topics').put(op.row);
        break;
      case 'putQuery':
        store('queries').put(op.row);
        break;
      case 'deleteQuery':
        store('queries').delete([op.topic, op.query]);
        break;
      case 'clearTopic':
        store('topics').delete(op.topic);
        store('records').delete(allOf(op.topic));
        store('queries').delete(allOf(op.topic));
        break;
      case 'putAlias':
        store('aliases').put(op.row);
        break;
      case 'deleteAlias':
        store('aliases').delete(op.temporary);
        break;
      default:
        unreachable(op);
    }
  }
}
