import { type Entry, sizeOf } from '../../src/hub/outbox/entry.ts';
import { Outbox } from '../../src/hub/outbox/outbox.ts';
import { type MutationInit, mutationOf } from './mutations.ts';

export type EntryInit = MutationInit & Partial<Omit<Entry, 'mutation' | 'order'>>;

/** An outbox that holds these, in this order; their ids are tab1:1, tab1:2 and so on. */
export function outboxOf(...inits: EntryInit[]): Outbox {
  const outbox = new Outbox();
  for (const [i, init] of inits.entries()) {
    const { phase, number, attempts, old, shown, kept, size, unanswered, batchSize, ...mutation } = init;
    const made = mutationOf({ n: i + 1, ...mutation });
    outbox.add({
      order: outbox.nextOrder(),
      mutation: made,
      phase: phase ?? { type: 'queued' },
      number: number ?? null,
      since: null,
      attempts: attempts ?? 0,
      old: old ?? false,
      past: false,
      shown: shown ?? true,
      kept: kept ?? true,
      behind: [],
      isNaming: true,
      size: size ?? sizeOf(made),
      unanswered: unanswered ?? 0,
      durable: true,
      replaced: [],
      batchSize: batchSize ?? 0,
    });
  }
  return outbox;
}
