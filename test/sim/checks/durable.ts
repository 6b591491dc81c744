import { mutationId } from '../../../src/protocol/ids.ts';
import type { Observer } from '../world/observer.ts';
import type { Ledger } from './ledger.ts';
import { describe } from './ledger.ts';

/** P1: a write that a hub called queued was on the disk, or had the server's word, when it said so; P7 takes it from there. */
export function durable(ledger: Ledger): Observer {
  return {
    committed(hub, ops) {
      for (const op of ops) if (op.type === 'putMutation') ledger.fact(op.row.mutation, hub).onDisk = true;
    },
    told(hub, tab, { settlements }) {
      for (const settlement of settlements) {
        const id = mutationId(tab, settlement.n);
        const fact = ledger.writes.get(id);
        if (fact && !fact.queued && settlement.type === 'failed') fact.decided ??= 'failed';
        // It says that nothing is durable there.
        if (settlement.type !== 'queued' || hub.isInMemory) continue;
        if (fact) fact.queued = true;
        ledger.check(
          'P1',
          fact !== undefined && (fact.onDisk || fact.before || fact.receipt !== undefined),
          () => `${hub.name} called ${id} queued, but it is neither on the disk nor answered by the server`,
        );
      }
    },
  };
}

/** At the end: each of them has the server's word, or waits on its disk, or somebody decided. */
export function stillThere(ledger: Ledger, onDisk: (device: string, id: string) => boolean): void {
  for (const [id, fact] of ledger.writes) {
    if (!fact.queued || ledger.isTwo(fact.mutation)) continue;
    ledger.check(
      'P1',
      fact.receipt !== undefined || fact.before || fact.decided !== undefined || onDisk(fact.device, id),
      () => `was called queued and is nowhere at the end: ${describe(fact.mutation)}`,
    );
  }
}
