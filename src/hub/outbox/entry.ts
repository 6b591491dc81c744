import { fits } from '../../base/shape.ts';
import { type Attributes, attributes } from '../../protocol/attributes.ts';
import { type Epoch, isTemporary, type MutationId, mutationTab, type TabId } from '../../protocol/ids.ts';
import type { Mutation } from '../../protocol/mutation.ts';
import { type Effect, isEffect, isFinal, type Receipt } from '../../protocol/receipt.ts';
import type { Welcome } from '../../protocol/server-down.ts';
import type { OutboxRow } from '../storage.ts';

/**
 * Where a mutation is on its way. `queued`: to be sent, or to be sent again. `sent`: in a push without an answer.
 * `parked`: the server asked to wait. `awaiting`: applied there; its change has not arrived here. `rejected`: the user
 * decides. `withdrawing`: the user gave it up, but it may have been sent: the server decides.
 */
export type Phase =
  | { readonly type: 'queued' }
  | { readonly type: 'sent' }
  /** `receipt`: why. */
  | { readonly type: 'parked'; readonly receipt: Receipt }
  /** `epoch`: the one that the topic's cursor was in when the receipt came over the link of `welcome`; null = unknown. */
  | {
      readonly type: 'awaiting';
      readonly receipt: Effect;
      readonly epoch: Epoch | null;
      readonly welcome: Welcome | null;
    }
  | { readonly type: 'rejected'; readonly receipt: Receipt }
  /**
   * `edit`: what to lay on it and send under another id, once it is withdrawn; null = it is discarded. `over`: it is
   * withdrawn, and waits for the others of its batch.
   */
  | { readonly type: 'withdrawing'; readonly edit: Attributes | null; readonly over?: true };

/** A mutation in the hub's memory. */
export interface Entry {
  readonly order: number;
  mutation: Mutation;
  phase: Phase;
  /** The receipt number that was current at its first sending; null = never sent by this hub, nor by one before. */
  number: number | null;
  /**
   * What the disk has for that already, since it came over an open connection and may be sent any moment: to send it
   * costs no transaction then. Null = nothing.
   */
  since: number | null;
  attempts: number;
  /** It was read from disk or repeated by its tab: it may have been sent, under its own id. */
  old: boolean;
  /** Repeated by its tab after this hub had found it on the disk and done with it: what is held has its effect, if it had any. */
  readonly past: boolean;
  /** Its tab wanted it back, and may have let go of it since: it is shown what comes of it. */
  aborted?: true;
  /** Whether other tabs see it: once it is durable, or has its receipt. */
  shown: boolean;
  /** Whether the disk has had it. */
  durable: boolean;
  /** Whether it is in the database, or will be; a write with `queue: false` is not. */
  readonly kept: boolean;
  /** What is not kept and was before it in its lane: should this hub die, the next has that withdrawn before it sends this. */
  readonly behind: readonly Mutation[];
  /** Whether it may name a record that has no id yet: there is a `~` in it. */
  readonly isNaming: boolean;
  /** Characters of JSON, about: what a push is measured by. */
  readonly size: number;
  /** The refused ones of its record whose place it took: they are back if it ends without the server's word. */
  replaced: readonly Entry[];
  /** How often it was sent without any answer since the last one; and the size of the last batch in which it was. */
  unanswered: number;
  batchSize: number;
}

/** Why what was on its way has failed. */
export const LOST = 'The connection was lost: it may have been applied';
export const authorOf = (entry: Entry): TabId => mutationTab(entry.mutation.id);
export const idOf = (entry: Entry): MutationId => entry.mutation.id;

/** Whether the server has not yet made the record that this creates, as far as is known here. */
export function isOpenCreate({ mutation, phase }: Entry): boolean {
  return mutation.method === 'create' && phase.type !== 'awaiting';
}

/** To be sent, or to be sent again. */
export const isQueued = ({ phase }: Entry): boolean => phase.type === 'queued';

/** For good: its id has its receipt. */
export const isRefused = ({ phase }: Entry): boolean => phase.type === 'rejected' && isFinal(phase.receipt);

/** Whether it was refused because its record is there: whatever takes its place is no create, unless it is given another id. */
export const isThere = ({ phase, mutation }: Entry): boolean =>
  !isTemporary(mutation.record) &&
  phase.type === 'rejected' &&
  phase.receipt.type === 'conflict' &&
  phase.receipt.current !== null;

/** Whether the server may know of it: it was sent, or an earlier hub may have sent it. */
export const mayBeKnown = ({ number, old }: Entry): boolean => number !== null || old;

/** Its tab has been told that nobody knows what becomes of it. */
export const GIVEN_UP = { replaced: [], phase: { type: 'withdrawing', edit: null } } as const;

/** It was in two pushes that had no answer: it may be what breaks them. */
export const isSuspect = ({ unanswered }: Entry): boolean => unanswered >= 2;

export const isUnsent = (entry: Entry): boolean => isQueued(entry) && !mayBeKnown(entry);

/** A mutation that is being withdrawn has on the disk the receipt that is asked for. */
export function rowOf({ order, mutation, number, since, phase, attempts, behind }: Entry): OutboxRow {
  let receipt: Receipt | null = null;
  if (phase.type === 'awaiting' || phase.type === 'rejected') receipt = phase.receipt;
  if (phase.type === 'withdrawing')
    receipt = {
      type: 'withdrawn',
      ids: [mutation.id],
      code: 'withdrawn',
      message: 'asked for',
      details: phase.edit,
    };
  return {
    order,
    mutation,
    number: number ?? since,
    receipt,
    attempts,
    ...(behind.length > 0 && { behind }),
  };
}

/** Where a mutation is that was read from the disk; `epoch`: that of its topic's cursor there. */
export function phaseOf({ receipt }: OutboxRow, epoch: Epoch | null): Phase {
  if (!receipt) return { type: 'queued' };
  if (isEffect(receipt)) return { type: 'awaiting', receipt, epoch, welcome: null };
  if (receipt.type !== 'withdrawn') return { type: 'rejected', receipt };
  return { type: 'withdrawing', edit: fits(attributes, receipt.details) ? receipt.details : null };
}

export const sizeOf = ({ set, was }: Mutation, text: string = JSON.stringify(set)): number =>
  text.length + JSON.stringify(was).length + 200;

/** One that has just come from its tab. */
export function freshEntry(mutation: Mutation): Entry {
  const text = JSON.stringify(mutation.set);
  return {
    order: 0,
    mutation,
    phase: { type: 'queued' },
    number: null,
    since: null,
    attempts: 0,
    old: false,
    past: false,
    shown: false,
    durable: false,
    kept: true,
    behind: [],
    replaced: [],
    isNaming: (mutation.topic + text).includes('~'),
    size: sizeOf(mutation, text),
    unanswered: 0,
    batchSize: 0,
  };
}
