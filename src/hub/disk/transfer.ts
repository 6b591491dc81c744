import { MedullaError } from '../../protocol/errors.ts';
import type { MutationId } from '../../protocol/ids.ts';
import type { Mutation } from '../../protocol/mutation.ts';
import { isEffect } from '../../protocol/receipt.ts';
import type { Answer } from '../../protocol/tab-down.ts';
import type { TabUp } from '../../protocol/tab-up.ts';
import type { HubContext } from '../context.ts';
import type { Drain } from '../outbox/drain.ts';
import { rowOf } from '../outbox/entry.ts';
import type { Intake } from '../outbox/intake.ts';
import { fail } from '../replica/reads-parts.ts';
import { type OutboxRow, outboxRow } from '../storage.ts';
import type { Tab } from '../tabs/tab.ts';
import { restore } from './restore.ts';

export interface TransferParts {
  readonly hub: HubContext;
  readonly intake: Intake;
  readonly drain: Drain;
  /** What was found in the outbox and could not be read. */
  readonly aside: readonly unknown[];
  /** There may be more to send. */
  readonly done: () => void;
}

/** What was taken into the outbox, what was known there, and whether it is on the disk. */
export interface Imported {
  readonly taken: readonly MutationId[];
  readonly known: readonly MutationId[];
  readonly durable: boolean;
}

/** Puts the outbox into a form that can be saved and taken in again, in this browser or in another of the same user. */
export class Transfer {
  readonly #parts: TransferParts;

  constructor(parts: TransferParts) {
    this.#parts = parts;
  }

  async ask(tab: Tab, message: Extract<TabUp, { type: 'export' | 'import' }>): Promise<void> {
    const { outlet } = this.#parts.hub;
    const { request } = message;
    try {
      const told = message.type === 'export' ? this.#exported() : await this.#import(message.items);
      outlet.answer(tab.id, (): Answer => ({ type: 'told', request, told }));
    } catch (error) {
      fail(outlet, tab.id, request, error as MedullaError);
    }
  }

  #exported(): unknown[] {
    const { hub, drain, aside } = this.#parts;
    const entries = [...hub.outbox.entries()].flatMap((entry) => (entry.kept ? [entry] : entry.replaced));
    const items = entries.flatMap((entry) => {
      const { mutation, receipt, attempts } = rowOf(entry);
      const { type: state } = entry.phase;
      // One that was never sent may be sent from here all the same, and be forgotten there before the copy comes.
      const known = entry.number ?? drain.number;
      return state === 'awaiting' ? [] : [{ ...mutation, state, attempts, receipt, number: known }];
    });
    return [...items, ...aside.map((row) => ({ state: 'unreadable', row }))];
  }

  async #import(items: unknown): Promise<Imported> {
    if (!Array.isArray(items))
      throw new MedullaError('bad-message', 'Cannot import what is no list of items');
    const { hub, intake, done } = this.#parts;
    const { outbox, clock, options, user } = hub;
    const rows = items.flatMap((item, i) => this.#row(item, i, user));
    const fresh = new Map<MutationId, OutboxRow>();
    const known = new Set<MutationId>();
    for (const row of rows) {
      const { id } = row.mutation;
      if (outbox.get(id) || (row.receipt && isEffect(row.receipt))) known.add(id);
      else if (!fresh.has(id)) fresh.set(id, { ...row, order: outbox.nextOrder() });
    }
    restore(hub, [...fresh.values()], false);
    const late = new Promise<false>((resolve) => {
      clock.after(options.patience, () => resolve(false));
    });
    const kept = intake.keep();
    done();
    return { taken: [...fresh.keys()], known: [...known], durable: await Promise.race([kept, late]) };
  }

  /** What an item says, or nothing where it was not even read when it was exported. Throws where it is none. */
  #row(item: unknown, i: number, user: string): OutboxRow[] {
    const { state, attempts, receipt, number, ...rest } = (item ?? {}) as Partial<Item> & object;
    if (state === 'unreadable') return [];
    const row = { order: 0, mutation: rest as Mutation, number: number ?? null, receipt: receipt ?? null };
    const whole = { ...row, attempts: attempts ?? 0 };
    const problem = outboxRow.problem(whole, `item ${i}`);
    if (problem) throw new MedullaError('bad-message', `Cannot import ${problem}`);
    if (whole.mutation.user !== user)
      throw new MedullaError(
        'wrong-user',
        `Cannot import item ${i}: it is ${whole.mutation.user}'s, and this is ${user}'s outbox`,
      );
    return [whole];
  }
}

type Item = Mutation & Pick<OutboxRow, 'attempts' | 'receipt' | 'number'> & { readonly state: string };
