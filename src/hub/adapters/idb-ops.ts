import { unreachable } from '../../base/assert.ts';
import type { Topic } from '../../protocol/ids.ts';
import type { Op } from '../storage.ts';
import type { StoredRecord, StoreName } from './schema.ts';

/** The object stores that a transaction of these steps needs; only they are locked against other transactions. */
export function storesOf(ops: readonly Op[]): StoreName[] {
  const names = new Set<StoreName>(['meta']);
  for (const { type } of ops) {
    if (type.endsWith('Mutation')) names.add('outbox');
    else if (type.endsWith('Record')) names.add('records');
    else if (type.endsWith('Topic')) names.add('topics');
    else if (type.endsWith('Alias')) names.add('aliases');
    if (type === 'clearTopic') names.add('records');
  }
  return [...names];
}

/** All keys `[topic, key]`: an array sorts after every string. */
export const recordsOf = (topic: Topic): IDBKeyRange => IDBKeyRange.bound([topic], [topic, []]);

/** Asks for the steps but those on mutations, one after the other, without waiting: a transaction carries its requests out in order. */
export function requestOps(transaction: IDBTransaction, ops: readonly Op[]): void {
  const store = (name: StoreName) => transaction.objectStore(name);
  for (const op of ops) {
    switch (op.type) {
      case 'putMutation':
      case 'deleteMutation':
        break; // in packs
      case 'putRecordVersion':
        break; // beside the generation
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
      case 'clearTopic':
        store('topics').delete(op.topic);
        store('records').delete(recordsOf(op.topic));
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
