import { unreachable } from '../../base/assert.ts';
import type { Op } from '../../hub/storage.ts';
import type { DiskRows } from './disk-rows.ts';

/** Carries the steps out on rows in memory. It cannot fail half way, so that it is a transaction by itself. */
export function applyOps(rows: DiskRows, ops: readonly Op[]): void {
  const { outbox, topics, records, queries, aliases } = rows;
  for (const op of ops) {
    switch (op.type) {
      case 'putMutation':
        outbox.set(op.row.order, op.row);
        break;
      case 'deleteMutation':
        outbox.delete(op.order);
        break;
      case 'putRecord': {
        const rows = records.get(op.row.topic) ?? new Map();
        records.set(op.row.topic, rows.set(op.row.key, op.row));
        break;
      }
      case 'deleteRecord':
        records.get(op.topic)?.delete(op.key);
        break;
      case 'putQuery': {
        const rows = queries.get(op.row.topic) ?? new Map();
        queries.set(op.row.topic, rows.set(op.row.query, op.row));
        break;
      }
      case 'deleteQuery':
        queries.get(op.topic)?.delete(op.query);
        break;
      case 'putTopic':
        topics.set(op.row.topic, op.row);
        break;
      case 'clearTopic':
        topics.delete(op.topic);
        records.delete(op.topic);
        queries.delete(op.topic);
        break;
      case 'putRecordVersion':
        rows.recordVersion = op.recordVersion;
        break;
      case 'putAlias':
        aliases.set(op.row.temporary, op.row);
        break;
      case 'deleteAlias':
        aliases.delete(op.temporary);
        break;
      case 'erase':
        topics.clear();
        records.clear();
        queries.clear();
        if (op.outbox) outbox.clear();
        if (op.outbox) aliases.clear();
        rows.token = null;
        break;
      case 'putSeal':
        rows.seal = op.seal;
        break;
      case 'putToken':
        rows.token = op.token;
        break;
      default:
        unreachable(op);
    }
  }
}
