import type { Clock } from '../../base/clock.ts';
import type { Alias } from '../../protocol/aliases/alias.ts';
import { mutationWith } from '../../protocol/aliases/mutation-with.ts';
import { type RealId, renamed, renamedPath } from '../../protocol/aliases/renamed.ts';
import type { Entry as Change } from '../../protocol/change.ts';
import {
  isTemporary,
  type MutationId,
  type RecordId,
  type RecordKey,
  recordKey,
  type Topic,
} from '../../protocol/ids.ts';
import { isEffect, type Receipt } from '../../protocol/receipt.ts';
import { type Journal, LINGER } from '../journal.ts';
import { type Entry, isOpenCreate, isQueued, mayBeKnown, rowOf } from '../outbox/entry.ts';
import type { Outbox } from '../outbox/outbox.ts';
import type { Outlet } from '../outlet.ts';
import type { AliasRow, Op } from '../storage.ts';

/** So many are kept: what a tab that has slept for long may still name. The oldest go first. */
const MOST = 10_000;

export interface AliasesParts {
  readonly outbox: Outbox;
  readonly journal: Journal;
  readonly outlet: Outlet;
  readonly clock: Clock;
  /** Milliseconds that what was asked of the server may wait for what became of a create. */
  readonly patience: number;
  /** There are new ones: topics may have other names now. */
  readonly learned: () => void;
}

/**
 * What the server called the records that had temporary ids. It is learnt from a create's receipt or from its change,
 * whichever is first; from then on nothing here names the record by its temporary id.
 *
 *   receipt or change ──▶ alias, mutations that name it: one transaction ──▶ tabs, before all else they are told
 *   what tabs say ──────▶ with real ids; who named a temporary one is told its alias
 */
export class Aliases {
  readonly #parts: AliasesParts;
  readonly #known: Map<RecordKey, Alias>;
  /** Those who wait for what became of creates. */
  readonly #waiting = new Set<() => void>();

  constructor(parts: AliasesParts, rows: readonly AliasRow[]) {
    this.#parts = parts;
    this.#known = new Map(rows.map((row) => [row.temporary, row]));
  }

  /** What the server calls it. `tell` hears of each alias that was needed. */
  real(tell: (alias: Alias) => void = () => undefined): RealId {
    return (temporary) => {
      const alias = this.#known.get(temporary as RecordKey);
      if (alias) tell(alias);
      return alias?.record;
    };
  }

  /** Whether there are any. */
  get any(): boolean {
    return this.#known.size > 0;
  }

  topic(name: Topic): Topic {
    return this.any ? renamedPath(name, this.real()) : name;
  }

  /** Before the receipts are acted on, in the same turn: what becomes of it all is one transaction. */
  received(receipts: readonly Receipt[]): void {
    this.#learn(
      receipts.flatMap((receipt) =>
        isEffect(receipt) && receipt.record !== undefined ? this.#aliasOf(receipt.ids, receipt.record) : [],
      ),
    );
  }

  /** Changes, which may be here before the receipts of what they come from. */
  arrived(changes: readonly Change[]): void {
    if (!this.#parts.outbox.hasTemporaries) return;
    this.#learn(changes.flatMap(([record, , , , by]) => this.#aliasOf(by ?? [], record)));
  }

  /**
   * Resolves when it is known what became of the creates of this topic that the server may have carried out; undefined =
   * there are none. Until then a record that the server tells of may be one that is here under its temporary id, and
   * would be shown twice.
   */
  settled(topic: Topic): Promise<void> | undefined {
    const { outbox, clock, patience } = this.#parts;
    if (!outbox.hasTemporaries || !this.#isOpen(topic)) return undefined;
    return new Promise((resolve) => {
      const end = () => {
        cancel();
        this.#waiting.delete(look);
        resolve();
      };
      const look = () => {
        if (!this.#isOpen(topic)) end();
      };
      const cancel = clock.after(patience, end);
      this.#waiting.add(look);
    });
  }

  /** Receipts have come, and were acted on. */
  look(): void {
    for (const look of this.#waiting) look();
  }

  #isOpen(topic: Topic): boolean {
    const { outbox } = this.#parts;
    return [...outbox.lanesOf(topic)].some(
      (key) => isTemporary(key) && outbox.lane(topic, key).some(isUnknown),
    );
  }

  #aliasOf(ids: readonly MutationId[], record: RecordId): Alias[] {
    for (const id of ids) {
      const mutation = this.#parts.outbox.get(id)?.mutation;
      if (mutation && isTemporary(mutation.record) && !isTemporary(record))
        return [{ topic: mutation.topic, temporary: recordKey(mutation.record), record }];
    }
    return [];
  }

  /** What an earlier hub left on a disk that is there only now, or had told a tab before it died. */
  found(rows: readonly AliasRow[]): void {
    this.#learn(rows);
  }

  /** The steps that put all of them on a disk. */
  anew(): Op[] {
    return [...this.#known.values()].map((row) => ({ type: 'putAlias', row }));
  }

  #learn(news: readonly Alias[]): void {
    const { outbox, journal, outlet, learned } = this.#parts;
    const ops: Op[] = [];
    for (const alias of news) {
      if (this.#known.has(alias.temporary)) continue;
      this.#known.set(alias.temporary, alias);
      ops.push({ type: 'putAlias', row: alias });
      outlet.alias(alias);
    }
    if (ops.length === 0) return;
    for (const temporary of this.#known.keys()) {
      if (this.#known.size <= MOST) break;
      this.#known.delete(temporary);
      ops.push({ type: 'deleteAlias', temporary });
    }
    for (const entry of [...outbox.entries()])
      if (this.#rename(entry) && entry.kept) ops.push({ type: 'putMutation', row: rowOf(entry) });
    journal.write(ops, LINGER.replica);
    learned();
  }

  /** Whether the entry names any. */
  #rename(entry: Entry): boolean {
    const { outbox, outlet } = this.#parts;
    for (const replaced of entry.replaced) this.#rename(replaced);
    const { mutation: before } = entry;
    const mutation = mutationWith(before, this.real());
    const { phase: now } = entry;
    const edit = now.type === 'withdrawing' ? renamed(now.edit, this.real()) : null;
    const phase = now.type === 'withdrawing' && edit !== now.edit ? { ...now, edit } : now;
    if (mutation === before && phase === entry.phase) return false;
    if (outbox.get(before.id) !== entry) Object.assign(entry, { mutation, phase });
    else {
      outbox.rename(entry, mutation, phase);
      // Its tabs give the record its id themselves; of what else has changed they are shown.
      if (mutation.set !== before.set) outlet.touch(mutation.topic, recordKey(mutation.record));
      outlet.item(entry);
    }
    return true;
  }
}

/** It was sent, and there is no word on it. */
const isUnknown = (entry: Entry): boolean =>
  isOpenCreate(entry) && mayBeKnown(entry) && (entry.phase.type === 'sent' || isQueued(entry));
