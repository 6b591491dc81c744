import { equalJson } from '../../../src/base/json.ts';
import { mutationId } from '../../../src/protocol/ids.ts';
import { isEffect, isFinal, type Receipt } from '../../../src/protocol/receipt.ts';
import type { Observer } from '../world/observer.ts';
import type { Ledger } from './ledger.ts';
import { describe } from './ledger.ts';

/** P2: at most one effect for each write, none for one that is refused, and the same answer whenever it is asked. */
export function once(ledger: Ledger): Observer {
  const same = (who: string, receipt: Receipt) => {
    if (!isFinal(receipt)) return;
    for (const id of receipt.ids) {
      const fact = ledger.writes.get(id);
      // What another database had said may still be on its way.
      if (fact?.before) continue;
      const stands = fact?.receipt;
      ledger.check(
        'P2',
        stands !== undefined && equalJson(saying(stands), saying(receipt)),
        () =>
          `${who} says of ${id} ${JSON.stringify(receipt)}, but the server's word is ${JSON.stringify(stands)}`,
      );
    }
  };
  return {
    stored(writes, outcomes) {
      for (const [i, outcome] of outcomes.entries()) {
        if (outcome.type !== 'receipts' || !outcome.changed) continue;
        ledger.changed(outcome.changed);
        for (const id of writes[i]?.ids ?? []) {
          const fact = ledger.writes.get(id);
          if (fact) fact.effects += 1;
          ledger.check(
            'P2',
            fact !== undefined && fact.effects === 1 && outcome.receipts.every(isEffect),
            () =>
              fact
                ? `took effect ${fact.effects} times, with ${JSON.stringify(outcome.receipts)}: ${describe(fact.mutation)}`
                : `an effect of ${id}, which nobody wrote`,
          );
        }
      }
    },
    receipt(receipt) {
      for (const id of receipt.ids) {
        const fact = ledger.writes.get(id);
        if (fact && !fact.receipt) fact.receipt = receipt;
      }
      same('the store', receipt);
    },
    answered(hub, name, _request, answer) {
      if (name !== 'push' && name !== 'withdraw') return;
      for (const receipt of (answer as { receipts: readonly Receipt[] }).receipts)
        same(`the answer to ${hub.name}`, receipt);
    },
    told(hub, tab, { settlements }) {
      for (const settlement of settlements)
        if (settlement.type === 'settled')
          same(`${hub.name} to ${mutationId(tab, settlement.n)}`, settlement.receipt);
    },
  };
}

/** What must be the same in all answers: `duplicate` is `applied` said again, and a fold may be asked for by any of its ids. */
function saying(receipt: Receipt): unknown {
  const { ids: _ids, type, ...rest } = receipt;
  return { ...rest, type: type === 'duplicate' ? 'applied' : type };
}
