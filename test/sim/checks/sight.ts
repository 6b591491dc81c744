import { equalJson } from '../../../src/base/json.ts';
import type { ReplicaRow } from '../../../src/hub/storage.ts';
import type { Attributes } from '../../../src/protocol/attributes.ts';
import type { Entry, LiveChanges, Row } from '../../../src/protocol/change.ts';
import {
  type MutationId,
  type RecordId,
  type RecordKey,
  recordKey,
  type UserId,
} from '../../../src/protocol/ids.ts';
import { isEffect, type Receipt } from '../../../src/protocol/receipt.ts';
import type { Answers, Followed } from '../../../src/protocol/server-down.ts';
import type { Value } from '../../../src/protocol/tab-down.ts';
import type { HubRun } from '../world/device.ts';
import type { Observer, Sending } from '../world/observer.ts';
import { type Role, SHARES, sees } from '../world/rights.ts';
import type { HistoryStep, Ledger } from './ledger.ts';

/**
 * Nobody is told or shown what they may not see, beyond what is on its way: see SM8. What a node sends is judged by the
 * roles that its user has had since it was asked for; what is told unasked, since the last recheck that was done there.
 */
export function sight(ledger: Ledger): Observer {
  const { rights } = ledger;
  /** Hubs that know that they may see nothing; and those of them whose disk has forgotten it. */
  const blind = new Set<HubRun>();
  const cleared = new Set<HubRun>();
  /** What the server has carried out since they have another connection, over which they have not been told so. */
  const since = new Map<HubRun, Set<MutationId>>();
  const image = (key: RecordKey, offset: number) => ledger.at(SHARES, offset).get(key)?.attrs;
  const isSeen = (user: UserId, roles: readonly Role[], attrs: Row[2] | undefined) =>
    attrs !== undefined && roles.some((role) => sees(user, role, attrs));

  const isRowSeen = (user: UserId, role: Role, [id, version, attrs]: Row) => {
    const there = image(recordKey(id), version);
    return isSeen(user, [role], there) && equalJson(there, attrs);
  };
  /** What leaves has been seen before. */
  const isEntrySeen = (user: UserId, role: Role, [id, offset, set]: Entry) => {
    const key = recordKey(id);
    if (set !== null) return isSeen(user, [role], image(key, offset));
    const steps = ledger.history.get(SHARES) ?? [];
    return steps.some(
      (step) => step.key === key && step.offset < offset && isSeen(user, [role], step.attrs ?? undefined),
    );
  };
  const told = (sending: Sending, rows: readonly Row[], entries: readonly Entry[] = []) => {
    const { user, since } = sending;
    const roles = rights.since(user, since);
    ledger.check(
      'sight',
      roles.some(
        (role) =>
          role !== 'nobody' &&
          rows.every((row) => isRowSeen(user, role, row)) &&
          entries.every((entry) => isEntrySeen(user, role, entry)),
      ),
      () =>
        `${sending.node} tells ${user}, who has been ${roles} since ${since}, in ${sending.name}: ${JSON.stringify({ rows, entries })}`,
    );
  };
  /** Of what a write met; said once, it is said again. */
  const met = ({ user, node }: Sending, receipt: Receipt) => {
    const topic = ledger.writes.get(receipt.ids[0] ?? ('' as MutationId))?.mutation.topic;
    if (topic !== SHARES || receipt.type !== 'conflict' || !receipt.current) return;
    const { attrs } = receipt.current;
    ledger.check(
      'sight',
      isSeen(user, rights.since(user), attrs),
      () => `${node} tells ${user} what a write met: ${JSON.stringify(receipt)}`,
    );
  };
  const followed = (sending: Sending, answer: Followed) => {
    if (answer.topic !== SHARES) return;
    if (answer.type === 'snapshot') told(sending, answer.rows);
    if (answer.type === 'changes') told(sending, [], answer.changes.entries);
  };
  const see = (hub: HubRun) => {
    blind.delete(hub);
    cleared.delete(hub);
    since.delete(hub);
  };
  const isAt = (key: RecordKey, version: number) => (step: HistoryStep) =>
    step.key === key && step.offset === version;
  const isOwn = ({ device }: HubRun, step: HistoryStep | undefined) =>
    step?.by.some((id) => ledger.writes.get(id)?.device === device.name) === true;
  /** What the device's writes have made of a record, or those of them that are named. */
  const written = ({ device }: HubRun, record: RecordId, among?: ReadonlySet<MutationId>) =>
    [...ledger.writes.values()].flatMap(({ device: its, mutation, receipt }): Attributes[] => {
      const isIts = its === device.name && (among?.has(mutation.id) ?? true);
      if (!isIts || ledger.named(mutation) !== ledger.named({ topic: SHARES, record })) return [];
      return [mutation.set, (receipt && isEffect(receipt) && receipt.set) || {}];
    });
  const isMadeOf = (attrs: Attributes, sources: readonly Attributes[]) =>
    Object.entries(attrs).every(([name, value]) => sources.some((each) => equalJson(each[name], value)));
  /** A database that is gone had another record under this version: that, with what was written here over it. */
  const isOfBefore = (hub: HubRun, { record, version, attrs }: Value) =>
    attrs !== null &&
    ledger.gone.get(SHARES)?.some((step) => {
      const { user } = hub.device;
      if (!step.attrs || !isAt(recordKey(record), version)(step)) return false;
      const wasSeen = isOwn(hub, step) || isSeen(user, rights.since(user), step.attrs);
      return wasSeen && isMadeOf(attrs, [step.attrs, ...written(hub, record)]);
    }) === true;
  /** Who may write again keeps what they have written, and nothing else, until they may see the rest. */
  const isWritten = (hub: HubRun, { record, attrs }: ReplicaRow) =>
    since.has(hub) && isMadeOf(attrs, written(hub, record, since.get(hub)));

  return {
    sent(sending, message) {
      const { name, request } = sending;
      const { topic } = (request ?? message) as { topic?: string };
      if (name === 'changes' && topic === SHARES) told(sending, [], (message as LiveChanges).entries);
      if (message && Object.hasOwn(message, 'refused')) return;
      if (name === 'follow')
        for (const each of (message as Answers['follow']).topics) followed(sending, each);
      if ((name === 'page' || name === 'read') && topic === SHARES)
        told(sending, (message as Answers['page']).rows);
      if (name === 'push' || name === 'withdraw')
        for (const receipt of (message as Answers['push']).receipts) met(sending, receipt);
    },
    heard(hub, name, message) {
      const { topic, code } = message as { topic?: string; code?: string };
      if (name === 'welcome' && blind.has(hub)) since.set(hub, new Set());
      if (name !== 'denied' || topic !== SHARES || code !== 'forbidden') return;
      blind.add(hub);
      since.delete(hub);
    },
    answered(hub, name, request, answer) {
      const isRead = name === 'read' && (request as { topic: string }).topic === SHARES;
      const found = name === 'follow' ? (answer as Answers['follow']).topics : [];
      const shares = found.find(({ topic }) => topic === SHARES);
      if (isRead || (shares && shares.type !== 'denied')) see(hub);
      else if (shares?.type === 'denied' && shares.code === 'forbidden') since.delete(hub);
    },
    stored(writes, outcomes) {
      for (const [i, outcome] of outcomes.entries()) {
        if (outcome.type !== 'receipts' || !outcome.changed) continue;
        for (const done of since.values()) for (const id of writes[i]?.ids ?? []) done.add(id);
      }
    },
    committed(hub, ops) {
      const wasCleared = cleared.has(hub);
      let isClear = wasCleared;
      for (const op of ops) {
        // Behind it in one commit there may be what was on its way to the disk by then: that is cleared by the next.
        if (op.type === 'clearTopic' && op.topic === SHARES) isClear = blind.has(hub);
        if (op.type !== 'putRecord' || op.row.topic !== SHARES) continue;
        isClear = false;
        const { row } = op;
        ledger.check(
          'sight',
          !wasCleared || isWritten(hub, row),
          () => `${hub.name} keeps what it may not see: ${JSON.stringify(row)}`,
        );
      }
      if (isClear) cleared.add(hub);
    },
    told(hub, tab, { values }) {
      const { user } = hub.device;
      for (const value of values) {
        const { topic, record, version, attrs, state, only } = value;
        if (topic !== SHARES || attrs === null || version === 0 || only) continue;
        const key = recordKey(record);
        // What is of a database before has no such version in this one.
        const there = ledger.at(SHARES, version).get(key);
        ledger.check(
          'sight',
          there?.version !== version ||
            isOwn(hub, ledger.history.get(SHARES)?.find(isAt(key, version))) ||
            (!(blind.has(hub) && state === 'clean') &&
              (isSeen(user, rights.since(user), there.attrs) || isOfBefore(hub, value))),
          () => `${hub.name} shows ${tab} ${record}@${version} ${JSON.stringify(attrs)}`,
        );
      }
    },
  };
}
