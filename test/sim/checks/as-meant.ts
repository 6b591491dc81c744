import { equalJson } from '../../../src/base/json.ts';
import { afterEntry } from '../../../src/protocol/change.ts';
import { type MutationId, recordKey, type Topic } from '../../../src/protocol/ids.ts';
import type { Receipt } from '../../../src/protocol/receipt.ts';
import type { Sent } from '../../../src/protocol/server-up.ts';
import { Intents } from '../model/intents.ts';
import { type Body, predicted } from '../model/reference.ts';
import type { Observer } from '../world/observer.ts';
import { describe, type Ledger } from './ledger.ts';

/**
 * What hubs push is what users wrote and decided; and what the server makes of it is what the reference model makes of
 * it, write by write in the order of the commits. The tabs are compared with the model's records at the end (P4).
 */
export function asMeant(ledger: Ledger): Observer {
  const intents = new Intents({
    hadEffect: (id) => (ledger.writes.get(id)?.effects ?? 0) > 0,
    named: (mutation) => ledger.named(mutation),
    real: (temporary) => ledger.ids.get(temporary),
  });
  const pushed = new Map<string, Body>();
  const answered = new Set<MutationId>();
  const answer = (receipts: readonly Receipt[]) => {
    for (const { type, ids } of receipts) if (type !== 'retry') for (const id of ids) answered.add(id);
  };
  return {
    handed: (hub, mutation) => intents.wrote(hub.device.name, mutation),
    requested(hub, name, request) {
      if (name !== 'push') return;
      for (const sent of (request as { mutations: readonly Sent[] }).mutations) {
        const { mutation, also } = sent;
        pushed.set([mutation.id, ...also].join('+'), mutation);
        ledger.check(
          'meant',
          ledger.isTwo(mutation) || intents.explain(hub.device.name, sent),
          () => `${hub.name} pushes what nobody wrote: ${describe(mutation)} with ${also}`,
        );
      }
    },
    refused: answer,
    emptied() {
      for (const id of answered) if (!ledger.writes.get(id)?.receipt) answered.delete(id);
    },
    stored(writes, outcomes) {
      for (const [i, outcome] of outcomes.entries()) {
        const write = writes[i];
        if (!write || outcome.type !== 'receipts') continue;
        const [receipt] = outcome.receipts;
        const isRepeat = write.ids.some((id) => answered.has(id));
        // What was folded with one that is known is to come again alone.
        answer(outcome.receipts);
        // What one of a refused batch was judged on was not to stay.
        const isInVain = write.batch && receipt && 'code' in receipt;
        if (
          isRepeat ||
          isInVain ||
          (receipt && 'code' in receipt && receipt.type !== 'conflict' && receipt.type !== 'gone')
        )
          continue;
        const { changed } = outcome;
        const { topic } = write;
        const record = changed?.entry[0] ?? write.record;
        if (changed) ledger.made(write, record);
        const key = recordKey(record);
        const before = ledger.model.get(topic)?.get(key) ?? null;
        const body = pushed.get(write.ids.join('+')) ?? write;
        const wanted =
          write.ids.length > 0 ? predicted(topic, before, body, write) : published(before?.attrs ?? {}, body);
        const became = changed ? afterEntry(before?.attrs ?? null, changed.entry) : (before?.attrs ?? null);
        const found = receipt && 'code' in receipt ? { refused: receipt.type } : { attrs: became };
        ledger.check(
          'meant',
          equalJson(found, wanted),
          () =>
            `the server makes of ${write.ids.join('+') || 'a publication'} ${write.method} ${topic}/${key} ${JSON.stringify(body.set)} over ${JSON.stringify(before)} with base ${write.base}, was ${JSON.stringify(write.was)}: ${JSON.stringify(found)}, and the model ${JSON.stringify(wanted)}`,
        );
        if (!changed) continue;
        const rows = ledger.model.get(topic as Topic) ?? new Map();
        ledger.model.set(topic, rows);
        if ('attrs' in wanted && wanted.attrs)
          rows.set(key, { version: changed.cursor.offset, attrs: wanted.attrs });
        else rows.delete(key);
      }
    },
  };
}

/** The server's own changes ask nobody. */
const published = (attrs: object, { method, set }: Body) =>
  method === 'delete' ? { attrs: null } : { attrs: { ...attrs, ...set } };
