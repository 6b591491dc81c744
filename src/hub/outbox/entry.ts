import { type Epoch, type MutationId, mutationTab, type TabId } from '../../protocol/ids.ts';
import type { Mutation } from '../../protocol/mutation.ts';
import type { Effect, Receipt } from '../../protocol/receipt.ts';
import type { OutboxRow } from '../storage.ts';

/**
 * Where a mutation is on its way. `queued`: to be sent, or to be sent again. `sent`: in a push without an answer.
 * `parked`: the server asked to wait. `awaiting`: applied there; its change has not arrived here. `rejected`: the user
 * decides. `withdrawing`: the user gave it up, but it may have been sent: the server decides.
 */
export type Phase =
  | { readonly type: 'queued' }
  | { readonly type: 'sent' }
  | { readonly type: 'parked' }
  /** `epoch`: the one that the topic's cursor was in when the receipt came; null = unknown. */
  | { readonly type: 'awaiting'; readonly receipt: Effect; readonly epoch: Epoch | null }
  | { readonly type: 'rejected'; readonly receipt: Receipt }
  | { readonly type: 'withdrawing' };

/** A mutation in the hub's memory. */
export interface Entry {
  readonly order: number;
  mutation: Mutation;
  phase: Phase;
  /** The receipt number that was current at its first sending; null = never sent by this hub, nor by one before. */
  number: number | null;
  attempts: number;
  /** It was read from disk or repeated by its tab: it may have been sent, under its own id. */
  readonly old: boolean;
  /** Whether other tabs see it: once it is durable, or has its receipt. */
  shown: boolean;
  /** Whether it is in the database, or will be; a write with `queue: false` is not. */
  readonly kept: boolean;
  /** JSON characters, about: what a push is measured by. */
  readonly size: number;
  /** How often it was sent without any answer since the last one; and the size of the last batch in which it was. */
  unanswered: number;
  batchSize: number;
}

export const authorOf = (entry: Entry): TabId => mutationTab(entry.mutation.id);
export const idOf = (entry: Entry): MutationId => entry.mutation.id;

/** Whether the server has not yet made the record that this creates, as far as is known here. */
export function isOpenCreate({ mutation, phase }: Entry): boolean {
  return mutation.method === 'create' && phase.type !== 'awaiting';
}

export function rowOf({ order, mutation, number, phase, attempts }: Entry): OutboxRow {
  const receipt = phase.type === 'awaiting' || phase.type === 'rejected' ? phase.receipt : null;
  return { order, mutation, number, receipt, attempts };
}

export const sizeOf = (mutation: Mutation): number => JSON.stringify(mutation.set).length + 200;
