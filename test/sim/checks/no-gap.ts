import { equalJson } from '../../../src/base/json.ts';
import type { ReplicaRow } from '../../../src/hub/storage.ts';
import { type RecordKey, recordKey, type Topic } from '../../../src/protocol/ids.ts';
import type { HubRun } from '../world/device.ts';
import type { Observer } from '../world/observer.ts';
import { type Role, toldUnder } from '../world/rights.ts';
import type { Ledger, WriteFact } from './ledger.ts';

/**
 * P5: what a disk holds of a topic is, after each transaction, what the server held at the cursor's offset. A row may
 * be newer than the cursor (a snapshot's, one that was read by itself): then it is what the server held at the row's
 * version. Left out: records with an effect of this device beyond the cursor, which an unfollowed replica takes over.
 */
export function noGap(ledger: Ledger): Observer {
  const check = (hub: HubRun, topic: Topic) => {
    const { rows } = hub.device.disk;
    const cursor = rows.topics.get(topic)?.cursor;
    if (!cursor) return;
    const { life, role } = toldUnder(cursor.epoch);
    // Of a database that is gone there is nothing to compare with.
    if (life !== ledger.epoch) return;
    const mark = ledger.history.get(topic)?.find(({ offset }) => offset === cursor.offset)?.mark ?? '';
    // What a restored database does not know any more is held until its hub has asked it.
    if (ledger.isRestored && mark !== cursor.mark) return;
    const later = new Map<RecordKey, boolean>();
    for (const step of ledger.history.get(topic) ?? [])
      if (step.offset > cursor.offset)
        later.set(
          step.key,
          later.get(step.key) || step.by.some((id) => ledger.writes.get(id)?.device === hub.device.name),
        );
    // What a fold has undone at once left no step behind, and a database that is gone has taken its steps along.
    const isEffect = ({ device, receipt, mutation, before }: WriteFact, key: RecordKey) =>
      device === hub.device.name &&
      (before || (receipt !== undefined && 'offset' in receipt && receipt.offset > cursor.offset)) &&
      mutation.topic === topic &&
      recordKey(mutation.record) === key;
    const own = (key: RecordKey) =>
      later.get(key) === true || [...ledger.writes.values()].some((fact) => isEffect(fact, key));
    const held = rows.records.get(topic) ?? new Map<RecordKey, ReplicaRow>();
    const { user } = hub.device;
    const at = (offset: number, as: Role = role) => ledger.seen(ledger.at(topic, offset), topic, user, as);
    const expected = at(cursor.offset);
    // A cursor that is doubted is not believed: its next hub asks for the whole.
    const isDoubted = cursor.mark === '?';
    /** What was told by itself was told under the role of then: whether that might be, SM8 says. */
    const isAs = ({ key, version, attrs }: ReplicaRow, roles: readonly Role[]) =>
      roles.some((as) => {
        const row = at(version > cursor.offset ? version : cursor.offset, as).get(key);
        return row?.version === version && equalJson(row.attrs, attrs);
      });
    const roles = ledger.rights.since(user, Number.NEGATIVE_INFINITY);
    const wrong: unknown[] = [];
    for (const [key, row] of held) {
      const { version, attrs } = row;
      const isAhead = version > cursor.offset;
      if (ledger.isRestored && isAhead) continue;
      if (!isAs(row, isAhead || isDoubted ? roles : [role]) && !own(key))
        wrong.push({ key, version, attrs, server: expected.get(key) ?? null });
    }
    for (const [key, row] of expected)
      if (!isDoubted && !held.has(key) && !later.has(key)) wrong.push({ key, missing: row });
    ledger.check(
      'P5',
      wrong.length === 0 && (mark === cursor.mark || isDoubted),
      () =>
        `the disk of ${hub.name} at ${topic}@${cursor.offset} ${cursor.mark} differs from the server (${mark}): ${JSON.stringify(wrong)}`,
    );
  };
  return {
    committed(hub, ops) {
      const touched = new Set<Topic>();
      for (const op of ops) {
        if (op.type === 'putTopic' || op.type === 'putRecord') touched.add(op.row.topic);
        else if (op.type === 'deleteRecord' || op.type === 'clearTopic') touched.add(op.topic);
      }
      for (const topic of touched) check(hub, topic);
    },
  };
}
