import { type MutationId, mutationNumber, mutationTab } from '../../../src/protocol/ids.ts';
import type { Sent } from '../../../src/protocol/server-up.ts';
import type { StoreWrite } from '../../../src/server/store.ts';
import type { HubRun } from '../world/device.ts';
import type { Observer } from '../world/observer.ts';
import type { Ledger } from './ledger.ts';

/** P3: on each record, the writes of one tab take effect in the tab's order, and those of one hub as it accepted them. */
export function order(ledger: Ledger): Observer {
  const accepted = new Map<HubRun, Map<MutationId, number>>();
  /** What was sent before its hub could have its disk: what is found on that comes behind it, also where its tab wrote it before. */
  const ahead = new Set<MutationId>();
  /** The effects on each record of each database, oldest first. */
  const effects = new Map<string, MutationId[]>();
  const laneOf = ({ topic, record }: StoreWrite) => `${ledger.epoch} ${ledger.named({ topic, record })}`;
  const of = (hub: HubRun) => {
    const ids = accepted.get(hub) ?? new Map<MutationId, number>();
    accepted.set(hub, ids);
    return ids;
  };
  const accept = (hub: HubRun, id: MutationId) => {
    const ids = of(hub);
    if (!ids.has(id)) ids.set(id, ids.size);
  };
  const inOrder = (earlier: MutationId, later: MutationId): string | undefined => {
    if (ahead.has(earlier)) return undefined;
    if (mutationTab(earlier) === mutationTab(later) && mutationNumber(earlier) > mutationNumber(later))
      return 'their tab';
    const [one, other] = [ledger.writes.get(earlier), ledger.writes.get(later)];
    // What was handed over under two names may have been two records' to the hub by then.
    if (one?.mutation.record !== other?.mutation.record) return undefined;
    const hubs = [...(one?.pushedBy ?? [])];
    const others = other?.pushedBy;
    const [hub] = hubs;
    if (hubs.length !== 1 || others?.size !== 1 || !hub || !others.has(hub)) return undefined;
    const [a, b] = [of(hub).get(earlier), of(hub).get(later)];
    return a !== undefined && b !== undefined && a > b ? hub.name : undefined;
  };
  /** A write that names a record whose create its hub had accepted before takes effect after the word on that create. */
  const named = (write: StoreWrite, id: MutationId) => {
    const { list } = write.set;
    const hubs = ledger.writes.get(id)?.pushedBy;
    const [hub] = hubs ?? [];
    // A number is no name: it may be anything.
    if (typeof list !== 'string' || !hub || hubs?.size !== 1) return;
    for (const [create, fact] of ledger.writes) {
      const { method, record } = fact.mutation;
      const [a, b] = [of(hub).get(create), of(hub).get(id)];
      if (method !== 'create' || record !== list || a === undefined || b === undefined || a > b) continue;
      ledger.check(
        'P3',
        fact.receipt !== undefined || fact.before || fact.decided !== undefined,
        () => `${id} names ${list}, and took effect before the word on its create ${create}`,
      );
    }
  };
  return {
    opened(hub, { outbox }) {
      // What is on the disk was accepted before all that tabs handed over while it was being read, but for what was sent by then.
      const early = [...of(hub).keys()];
      of(hub).clear();
      const onDisk = new Set(outbox.map(({ mutation }) => mutation.id));
      for (const id of early) {
        const fact = ledger.writes.get(id);
        // One that is on the disk, too, has its place there, unless it has taken effect.
        if (!fact?.pushedBy.has(hub) || (onDisk.has(id) && !fact.effects)) continue;
        accept(hub, id);
        ahead.add(id);
      }
      for (const row of outbox) accept(hub, row.mutation.id);
      for (const id of early) accept(hub, id);
    },
    handed: (hub, mutation) => accept(hub, mutation.id),
    emptied() {
      for (const [lane, ids] of effects)
        effects.set(
          lane,
          ids.filter((id) => ledger.writes.get(id)?.effects),
        );
    },
    requested(hub, name, request) {
      if (name !== 'push') return;
      // One that is tried again by its user's decision gets its new id in the hub.
      for (const { mutation, also } of (request as { mutations: readonly Sent[] }).mutations)
        for (const id of [mutation.id, ...also]) ledger.fact({ ...mutation, id }, hub).pushedBy.add(hub);
    },
    stored(writes, outcomes) {
      for (const [i, outcome] of outcomes.entries()) {
        const write = writes[i];
        const id = write?.ids[0];
        if (!write || !id || outcome.type !== 'receipts' || !outcome.changed) continue;
        if (ledger.isTwo({ ...write, record: outcome.changed.entry[0] })) continue;
        named(write, id);
        const before = effects.get(laneOf(write)) ?? [];
        effects.set(laneOf(write), before);
        for (const earlier of before) {
          const against = inOrder(earlier, id);
          ledger.check(
            'P3',
            against === undefined,
            () => `${id} took effect after ${earlier}, against the order of ${against}`,
          );
        }
        before.push(...write.ids);
      }
    },
  };
}
