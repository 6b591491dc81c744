import { type ErrorCode, MedullaError } from '../../protocol/errors.ts';
import { type MutationId, mutationNumber, recordKey } from '../../protocol/ids.ts';
import { edited, type Mutation } from '../../protocol/mutation.ts';
import { isFinal } from '../../protocol/receipt.ts';
import type { Write } from '../../protocol/tab-up.ts';
import type { HubContext } from '../context.ts';
import { restore } from '../disk/restore.ts';
import type { Unkept } from '../disk/unkept.ts';
import { LINGER } from '../journal.ts';
import type { Op, OutboxRow } from '../storage.ts';
import { isUnderway, keyOf, stateOf } from '../view.ts';
import { authorOf, type Entry, freshEntry, idOf, isOpenCreate, isThere, rowOf } from './entry.ts';
import type { Withdrawals } from './withdrawals.ts';

/** Takes writes into the outbox: from tabs, and from the disk at the start. */
export class Intake {
  readonly #hub: HubContext;
  readonly #withdrawals: Withdrawals;
  readonly #unkept: Unkept;
  /** The server's limit of a record, in characters of JSON, as it last said. */
  #record = Number.POSITIVE_INFINITY;

  constructor(hub: HubContext, withdrawals: Withdrawals, unkept: Unkept) {
    this.#hub = hub;
    this.#withdrawals = withdrawals;
    this.#unkept = unkept;
  }

  limit(record: number): void {
    this.#record = record;
  }

  /** Takes what another user left, as this one's; whether it is durable. What is here already is not taken twice. */
  async adopt(rows: readonly OutboxRow[]): Promise<boolean> {
    const { outbox, journal, user } = this.#hub;
    const fresh = rows.filter(({ mutation }) => !outbox.get(mutation.id));
    const own = fresh.map((row): OutboxRow => {
      const mutation = { ...row.mutation, user, adopted: true };
      return { ...row, order: outbox.nextOrder(), mutation };
    });
    const ops = own.map((row): Op => ({ type: 'putMutation', row }));
    if (!(await journal.write(ops))) return false;
    restore(this.#hub, own);
    for (const { mutation } of own) this.shows(mutation.id);
    return true;
  }

  /** One that an earlier hub left is known only now. */
  shows(id: MutationId): void {
    const { outbox, outlet } = this.#hub;
    const entry = outbox.get(id);
    if (!entry) return;
    outlet.touch(entry.mutation.topic, keyOf(entry));
    outlet.item(entry);
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

  /**
   * Takes a tab's writes, in order. `send` is called once they are in, before they go to the disk: the push need not
   * wait for it. `queued` is told when the disk has them. `found`: the last of the tab's that was on the disk at its hello.
   */
  take(writes: readonly Write[], found: number, send: () => void): void {
    const { journal } = this.#hub;
    const taken: Entry[] = [];
    const ops: Op[] = [];
    for (const write of writes) {
      try {
        const entry = this.#take(write, found, ops);
        if (entry) taken.push(entry);
      } catch (error) {
        const { code, message } = error as MedullaError;
        const { id, topic, record } = write.mutation;
        // The author's tab has laid it on the record's other instances already.
        this.#hub.outlet.touch(topic, recordKey(record));
        this.#hub.outlet.settle(id, { type: 'failed', code, message });
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

  #take(write: Write, found: number, ops: Op[]): Entry | null {
    const { outbox, line, user } = this.#hub;
    const { mutation } = write;
    const known = outbox.get(mutation.id);
    if (known) {
      this.#report(known);
      return null;
    }
    const entry: Entry = {
      ...freshEntry(this.#based(mutation)),
      order: outbox.nextOrder(),
      old: write.repeated === true,
      past: write.repeated === true && mutationNumber(mutation.id) <= found,
      kept: write.queue !== false,
    };
    if (mutation.user !== user)
      throw refusal('wrong-user', `it was made by ${mutation.user}, and this is ${user}'s outbox`);
    const size = JSON.stringify(mutation.set).length;
    if (size > this.#record)
      throw refusal('too-large', `the record has ${size} characters, and the server takes ${this.#record}`);
    if (!entry.kept && !line.welcome)
      throw refusal('unreachable', 'there is no connection, and it is not to be queued');
    // What came after it may have been on the disk, and be applied by now.
    if (!entry.kept && entry.old)
      throw refusal('unreachable', 'its hub is gone, and it was not to be queued; it may have been applied');
    outbox.add(entry);
    // One that was repeated may be older than what was refused since: it takes nobody's place.
    if (!entry.old) this.#supersede(entry, ops);
    this.#hub.outlet.item(entry);
    return entry;
  }

  /** Behind another of its lane, whoever made that, it builds on what that one leaves. */
  #based(mutation: Mutation): Mutation {
    const { topic, record, base } = mutation;
    const lane = typeof base === 'number' ? this.#hub.outbox.lane(topic, recordKey(record)) : [];
    return lane.some(isUnderway) ? { ...mutation, base: 'previous' } : mutation;
  }

  /**
   * A new write of a record takes the place of the refused one. What follows a refused create becomes the create: the
   * server has nothing that it could update. What may have been applied all the same has to be withdrawn first, and a
   * create goes again then, before what follows it.
   */
  #supersede(entry: Entry, ops: Op[]): void {
    const { outbox, outlet } = this.#hub;
    if (outbox.rejected === 0) return;
    for (const refused of [...outbox.laneOf(entry)]) {
      const { phase } = refused;
      if (phase.type !== 'rejected') continue;
      const isCreate = isOpenCreate(refused);
      if (!isFinal(phase.receipt)) {
        this.#withdrawals.begin(refused, isCreate ? {} : null);
        if (!isCreate) entry.replaced = [...entry.replaced, refused];
        continue;
      }
      // Behind a refused create there may be others, the first of which becomes it.
      const first = (other: Entry) => other !== refused && other.phase.type === 'queued';
      const heir = (isCreate && outbox.laneOf(entry).find(first)) || entry;
      // Whoever has seen the record that is there builds on that.
      const isAware = isThere(refused) && typeof heir.mutation.base === 'number';
      if (isCreate && !isAware && heir.mutation.method !== 'delete') {
        outbox.change(heir, { mutation: completed(refused, heir.mutation) });
        if (heir.kept) ops.push({ type: 'putMutation', row: rowOf(heir) });
      }
      outbox.remove(refused);
      outlet.item(refused);
      heir.replaced = [...heir.replaced, refused];
      if (heir.kept) ops.push({ type: 'deleteMutation', order: refused.order });
    }
  }

  #queued(entries: readonly Entry[]): void {
    const { outbox, outlet, line } = this.#hub;
    // Over an open connection nobody waits for it: the server's word comes first, or `patience` ends.
    const lazily = line.welcome !== null;
    for (const entry of entries) {
      if (outbox.get(idOf(entry)) !== entry) continue;
      entry.durable = true;
      // One that was repeated may be settled long since: where it belongs, the server's word will say.
      if (!entry.shown && !entry.old) {
        entry.shown = true;
        outlet.touch(entry.mutation.topic, keyOf(entry), authorOf(entry));
      }
      const { type } = entry.phase;
      if (type !== 'awaiting' && type !== 'rejected') outlet.settle(idOf(entry), { type: 'queued' }, lazily);
    }
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

function completed(refused: Entry, later: Mutation): Mutation {
  return {
    ...later,
    method: isThere(refused) ? 'update' : 'create',
    set: edited(refused.mutation.set, later.set, later.unset),
    unset: [],
    base: isThere(refused) ? 'previous' : null,
    was: {},
  };
}

const refusal = (code: ErrorCode, why: string) => new MedullaError(code, `Cannot take this write: ${why}`);
