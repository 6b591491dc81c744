import { mutationId } from '../../../src/protocol/ids.ts';
import type { Mutation } from '../../../src/protocol/mutation.ts';
import type { Receipt } from '../../../src/protocol/receipt.ts';
import type { HubRun } from '../world/device.ts';
import type { Observer } from '../world/observer.ts';
import { describe, isRefused, type Ledger, type WriteFact } from './ledger.ts';

/** P7: a write that was called queued leaves a disk's outbox by the server's final word or by somebody's decision, and by nothing else. */
export function nothingVanishes(ledger: Ledger): Observer {
  // What follows a create that never was goes with it; another tab's create does not. A write that was tried again
  // stands where the one stood whose place it took.
  const goesAlong = (hub: HubRun, fact: WriteFact, gone = new Set<WriteFact>()) => {
    const lane = [...ledger.writes.values()].filter(
      (other) => other.device === fact.device && sameLane(ledger, other.mutation, fact.mutation),
    );
    const again = ({ mutation }: WriteFact) => ledger.isAgain(mutation.id);
    for (const other of lane) if (again(fact) || again(other)) goes(hub, other, gone);
    const orders = new Map(
      [...hub.device.disk.rows.outbox.values()].map((row) => [row.mutation.id, row.order]),
    );
    // What the disk has yet to get comes last; what has left it again is behind nothing.
    const order = ({ mutation, onDisk }: WriteFact) =>
      orders.get(mutation.id) ?? (onDisk ? Number.NaN : Number.POSITIVE_INFINITY);
    const later = lane.filter((other) => order(other) > order(fact)).sort((a, b) => order(a) - order(b));
    for (const other of [...later, ...lane.slice(lane.indexOf(fact) + 1)]) {
      if (other.mutation.method === 'create') break;
      goes(hub, other, gone);
    }
  };
  /** It goes, and if it is one of a batch, with the others of that and what follows these, whatever was decided about them before. */
  const goes = (hub: HubRun, fact: WriteFact, gone: Set<WriteFact>) => {
    if (gone.has(fact)) return;
    gone.add(fact);
    fact.decided ??= 'discard';
    for (const other of batchOf(ledger, fact)) {
      if (gone.has(other)) continue;
      goes(hub, other, gone);
      goesAlong(hub, other, gone);
    }
  };
  /** What was refused with a create of its record, or behind it, is one with that. */
  const isJoined = (hub: HubRun, fact: WriteFact) =>
    [...hub.device.disk.rows.outbox.values()].some(
      ({ mutation, receipt }) =>
        receipt !== null && mutation.method === 'create' && sameLane(ledger, mutation, fact.mutation),
    );
  return {
    decided(hub, id, decision) {
      const fact = ledger.writes.get(id);
      if (!fact) return;
      // What is decided about one of a batch is decided about all of it.
      for (const one of [fact, ...batchOf(ledger, fact)]) {
        one.decided = decision;
        if (decision === 'discard') goesAlong(hub, one);
      }
    },
    handed(hub, mutation) {
      // Writing a record again is a decision about what was refused there, or could not be sent.
      for (const [id, fact] of ledger.writes)
        if (
          id !== mutation.id &&
          fact.device === hub.device.name &&
          (isRefused(fact) || isUnsent(hub, fact)) &&
          sameLane(ledger, fact.mutation, mutation)
        )
          fact.decided ??= 'superseded';
    },
    told(_hub, tab, { settlements }) {
      for (const settlement of settlements) {
        if (settlement.type !== 'settled' || !isOffered(settlement.receipt)) continue;
        const fact = ledger.writes.get(mutationId(tab, settlement.n));
        const all = [...ledger.writes.values()];
        const isWritten = (later: WriteFact) =>
          fact && later.device === fact.device && sameLane(ledger, later.mutation, fact.mutation);
        // Its user had written the record again before.
        if (fact && all.slice(all.indexOf(fact) + 1).some(isWritten)) fact.decided ??= 'superseded';
      }
    },
    left(hub, row) {
      const fact = ledger.fact(row.mutation, hub);
      // What was never called queued is its page's: it is told, when it wakes, or hands it over again.
      const may =
        ledger.isTwo(row.mutation) ||
        fact.before ||
        !fact.queued ||
        (isRefused(fact) ? (fact.decided ?? isJoined(hub, fact)) : (fact.receipt ?? fact.decided));
      ledger.check(
        'P7',
        Boolean(may),
        () =>
          `${hub.name} drops ${describe(row.mutation)} with ${JSON.stringify(fact.receipt ?? 'no word of the server')} and no decision`,
      );
    },
  };
}

/** It was offered to its user without having been sent. */
const isOffered = (receipt: Receipt | null): boolean =>
  receipt !== null && 'code' in receipt && receipt.code === 'unsent';

const isUnsent = ({ device }: HubRun, { mutation }: WriteFact): boolean =>
  [...device.disk.rows.outbox.values()].some(
    (row) => row.mutation.id === mutation.id && isOffered(row.receipt),
  );

const sameLane = (ledger: Ledger, a: Mutation, b: Mutation) => ledger.named(a) === ledger.named(b);

const batchOf = ({ writes }: Ledger, { mutation: { batch } }: WriteFact) =>
  batch ? [...writes.values()].filter(({ mutation }) => mutation.batch?.id === batch.id) : [];
