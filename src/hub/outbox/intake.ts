import { units } from '../../base/units.ts';
import { type ErrorCode, MedullaError } from '../../protocol/errors.ts';
import { mutationNumber, recordKey } from '../../protocol/ids.ts';
import type { Mutation } from '../../protocol/mutation.ts';
import type { Limits } from '../../protocol/server-down.ts';
import type { Write } from '../../protocol/tab-up.ts';
import { checkBatch } from '../batches/check-batch.ts';
import type { HubContext } from '../context.ts';
import { restore } from '../disk/restore.ts';
import type { Unkept } from '../disk/unkept.ts';
import { LINGER } from '../journal.ts';
import { supersede } from '../lanes/supersede.ts';
import type { Op, OutboxRow } from '../storage.ts';
import { isUnderway, keyOf, stateOf } from '../view.ts';
import { authorOf, type Entry, freshEntry, idOf, rowOf } from './entry.ts';
import type { Withdrawals } from './withdrawals.ts';

/** Takes writes into the outbox: from tabs, and from the disk at the start. */
export class Intake {
  readonly #hub: HubContext;
  readonly #withdrawals: Withdrawals;
  readonly #unkept: Unkept;
  /** As the server last said: those of a record and of a batch. */
  #limits: Pick<Limits, 'batch' | 'bytes' | 'record'> = {
    batch: Number.POSITIVE_INFINITY,
    bytes: Number.POSITIVE_INFINITY,
    record: Number.POSITIVE_INFINITY,
  };

  constructor(hub: HubContext, withdrawals: Withdrawals, unkept: Unkept) {
    this.#hub = hub;
    this.#withdrawals = withdrawals;
    this.#unkept = unkept;
  }

  limit(limits: Limits): void {
    this.#limits = limits;
  }

  /** Takes what another user left, as this one's; whether it is durable. What is here already is not taken twice. */
  async adopt(rows: readonly OutboxRow[]): Promise<boolean> {
    const { outbox, journal, user } = this.#hub;
    const fresh = rows.filter(({ mutation }) => !outbox.get(mutation.id));
    const own = fresh.map((row): OutboxRow => {
      const mutation = { ...row.mutation, user, adopted: true };
      return { ...row, order: outbox.nextOrder(), mutation, behind: [] };
    });
    const ops = own.map((row): Op => ({ type: 'putMutation', row }));
    if (!(await journal.write(ops))) return false;
    restore(this.#hub, own);
    return true;
  }

  /** What is in memory alone goes to the disk; whether it came there. */
  keep(): Promise<boolean> {
    const entries = [...this.#hub.outbox.entries()].filter(({ kept, durable }) => kept && !durable);
    const ops = entries.map((entry): Op => ({ type: 'putMutation', row: rowOf(entry) }));
    return this.#hub.journal.write(ops).then((durable) => {
      if (durable) this.#queued(entries);
      return durable;
    });
  }

  /** No word of the server's is to be had: what waited for it is shown to all tabs, as its author's shows it. */
  offline(): void {
    for (const entry of this.#hub.outbox.entries()) if (entry.durable) this.#show(entry);
  }

  /**
   * Takes a tab's writes, in order. `send` is called once they are in, before they go to the disk: the push need not
   * wait for it. `queued` is told when the disk has them. `found`: the last of the tab's that was on the disk at its hello.
   */
  take(writes: readonly Write[], found: number, send: () => void): void {
    const { journal, outbox } = this.#hub;
    const taken: Entry[] = [];
    const ops: Op[] = [];
    for (const unit of units(writes, ({ mutation }) => mutation.batch?.id)) {
      // What its tab has missed is not sent: to a server that has lost its database it would come behind what came since.
      const known = unit.map(({ mutation }) => outbox.known(mutation.id));
      for (const entry of known) if (entry) this.#report(entry);
      const fresh = unit.filter((_, i) => !known[i]);
      try {
        if (fresh.length > 0) this.#check(unit);
        const kept = unit.every(({ queue }) => queue !== false);
        for (const write of fresh) taken.push(this.#take(write, found, kept, ops));
      } catch (error) {
        this.#fail(fresh, error as MedullaError);
      }
    }
    send();
    const kept = taken.filter(({ kept }) => kept);
    for (const entry of kept) ops.push({ type: 'putMutation', row: rowOf(entry) });
    if (ops.length === 0) return;
    const linger = this.#hub.line.welcome ? LINGER.receipt : LINGER.none;
    journal.write(ops, linger).then((durable) => durable && this.#queued(kept));
    this.#unkept.watch();
  }

  #take(write: Write, found: number, kept: boolean, ops: Op[]): Entry {
    const { outbox, outlet, line } = this.#hub;
    const { mutation } = write;
    const unkept = kept ? outbox.laneOf(write).filter((entry) => !entry.kept) : [];
    const entry: Entry = {
      ...freshEntry(this.#based(mutation)),
      order: outbox.nextOrder(),
      since: line.welcome?.number ?? null,
      old: write.repeated === true,
      past: write.repeated === true && mutationNumber(mutation.id) <= found,
      kept,
      behind: unkept.flatMap((entry) => outbox.unitOf(entry)).map(({ mutation }) => mutation),
    };
    outbox.add(entry);
    // One that was repeated may be older than what was refused since: it takes nobody's place.
    if (!entry.old) supersede(this.#hub, this.#withdrawals, entry, ops);
    outlet.item(entry);
    return entry;
  }

  /** Why it is not taken, if it is not: a batch as one. */
  #check(unit: readonly Write[]): void {
    const { line, user } = this.#hub;
    for (const { mutation, queue, repeated } of unit) {
      if (mutation.user !== user)
        throw refusal('wrong-user', `it was made by ${mutation.user}, and this is ${user}'s outbox`);
      const size = JSON.stringify(mutation.set).length;
      if (size > this.#limits.record)
        throw refusal(
          'too-large',
          `the record has ${size} characters, and the server takes ${this.#limits.record}`,
        );
      // What came after it may have been on the disk, and be applied by now.
      if (queue === false && (repeated || !line.welcome))
        throw refusal(
          'unreachable',
          repeated ? 'its hub was lost: it may have been applied' : 'there is no connection',
        );
    }
    checkBatch(
      unit.map(({ mutation }) => mutation),
      this.#limits,
    );
  }

  #fail(unit: readonly Write[], { code, message }: MedullaError): void {
    const { outlet, outbox } = this.#hub;
    for (const { mutation, repeated } of unit) {
      // The author's tab has laid it on the record's other instances already.
      outlet.touch(mutation.topic, recordKey(mutation.record));
      outlet.settle(mutation.id, { type: 'failed', code, message });
      if (code === 'unreachable' && repeated) outbox.addOrphan(mutation);
    }
    this.#withdrawals.ask();
  }

  /** Behind another of its lane, whoever made that, it builds on what that one leaves. */
  #based(mutation: Mutation): Mutation {
    const { topic, record, base } = mutation;
    const lane = typeof base === 'number' ? this.#hub.outbox.lane(topic, recordKey(record)) : [];
    return lane.some(isUnderway) ? { ...mutation, base: 'previous' } : mutation;
  }

  #queued(entries: readonly Entry[]): void {
    const { outbox, outlet, line } = this.#hub;
    // Over an open connection nobody waits for it: the server's word comes first, or `patience` ends.
    const lazily = line.welcome !== null;
    for (const entry of entries) {
      if (outbox.get(idOf(entry)) !== entry) continue;
      entry.durable = true;
      // One that was repeated may be settled long since: where it belongs, the server's word will say, if one is to be had.
      if (!entry.old || line.isOffline) this.#show(entry);
      const { type } = entry.phase;
      if (type !== 'awaiting' && type !== 'rejected') outlet.settle(idOf(entry), { type: 'queued' }, lazily);
    }
  }

  /** To the tabs that have not made it. */
  #show(entry: Entry): void {
    if (entry.shown) return;
    entry.shown = true;
    this.#hub.outlet.touch(entry.mutation.topic, keyOf(entry), authorOf(entry));
  }

  /** A tab repeats what this hub has: it is told how it stands. */
  #report(entry: Entry): void {
    const { outlet, outbox } = this.#hub;
    const { phase } = entry;
    if (phase.type === 'awaiting' || phase.type === 'rejected')
      outlet.settle(idOf(entry), {
        type: 'settled',
        receipt: phase.receipt,
        state: stateOf(outbox.laneOf(entry)),
      });
    else if (entry.durable) outlet.settle(idOf(entry), { type: 'queued' });
  }
}

const refusal = (code: ErrorCode, why: string) => new MedullaError(code, `Cannot take this write: ${why}`);
