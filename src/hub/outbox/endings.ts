import { equalJson } from '../../base/json.ts';
import type { Attributes } from '../../protocol/attributes.ts';
import type { ErrorCode } from '../../protocol/errors.ts';
import type { MutationId, RecordKey } from '../../protocol/ids.ts';
import { isWhole } from '../../protocol/laying.ts';
import {
  type Effect,
  type FinalReceipt,
  isEffect,
  isFinal,
  type Receipt,
  type RefusingReceipt,
} from '../../protocol/receipt.ts';
import type { RecordState } from '../../protocol/tab-down.ts';
import { goOnWithdrawn } from '../batches/go-on-withdrawn.ts';
import type { HubContext } from '../context.ts';
import { LINGER, replicaLinger } from '../journal.ts';
import { joinRefused } from '../lanes/join-refused.ts';
import { learnCurrent } from '../lanes/learn-current.ts';
import { rebaseNext } from '../lanes/rebase-next.ts';
import { unmade } from '../lanes/unmade.ts';
import type { Topic } from '../replica/topic.ts';
import type { Op } from '../storage.ts';
import { keyOf, laid, stateOf } from '../view.ts';
import { authorOf, type Entry, idOf, rowOf } from './entry.ts';
import { makeAnew } from './make-anew.ts';
import { retryOf } from './retry-of.ts';
import { sameLife } from './same-life.ts';

interface Told {
  readonly id: MutationId;
  readonly entry: Entry;
  readonly receipt: Receipt;
}

/** How mutations end: by a receipt, by the arrival of their effect, or by a decision. Nothing else takes one out of the outbox. */
export class Endings {
  readonly #hub: HubContext;
  /** What an answer said, and the topics that it was about, until it is all in. */
  readonly #told: Told[] = [];
  readonly #touched = new Set<Topic>();

  constructor(hub: HubContext) {
    this.#hub = hub;
  }

  /** The server's final word on one mutation; {@link answered} follows after the last of an answer. */
  receipt(entry: Entry, receipt: FinalReceipt): void {
    const id = idOf(entry);
    // Of a fold's receipt each gets its own: the ids of all in each of them would be quadratic.
    const own = { ...receipt, ids: [id] };
    entry.shown = true;
    const { outbox, outlet } = this.#hub;
    if (!outlet.reaches(authorOf(entry))) outbox.miss(entry, own);
    try {
      if (isEffect(own)) this.#applied(entry, own);
      else this.#refused(entry, own);
      goOnWithdrawn(this.#hub, entry);
    } finally {
      // Whatever goes wrong here, its tab has the server's word.
      this.#told.push({ id, entry, receipt: own });
    }
  }

  /** An answer's receipts are all in: one look at each topic and record, however many of them were about it. */
  answered(): void {
    const { outbox, outlet } = this.#hub;
    for (const topic of this.#touched) this.moved(topic, new Map(), []);
    this.#touched.clear();
    const states = new Map<string, RecordState>();
    for (const { id, entry, receipt } of this.#told.splice(0)) {
      const lane = `${entry.mutation.topic}\n${entry.mutation.record}`;
      const state = states.get(lane) ?? stateOf(outbox.laneOf(entry));
      states.set(lane, state);
      outlet.settle(id, { type: 'settled', receipt, state });
      // The hub before may have told its tab the receipt, and this one since that it waits for one.
      if (entry.old || entry.aborted) outlet.touch(entry.mutation.topic, keyOf(entry));
    }
    this.#hub.aliases.look();
  }

  /** The server can do nothing with it for now, and has been asked often enough: its user decides. */
  offer(entry: Entry, receipt: Receipt): void {
    entry.shown = true;
    this.#reject(entry, receipt);
    this.#told.push({ id: idOf(entry), entry, receipt });
    this.answered();
  }

  /** The server will not take it as it is, though it has said no final word: its user decides, or where it is not kept, its tab hears of it. */
  giveUp(entry: Entry, code: ErrorCode, message: string): void {
    if (entry.kept) this.offer(entry, retryOf(entry, code, message));
    else this.fail(entry, code, message);
  }

  /** Ends a mutation without the server's word: its tab is told why. */
  fail(entry: Entry, code: ErrorCode, message: string): void {
    this.remove(entry);
    // Who discards it discards what it stood for; where it was not on the disk, that is still there.
    if (code !== 'withdrawn' || !entry.kept) this.#restore(entry);
    this.#hub.outlet.settle(idOf(entry), { type: 'failed', code, message });
  }

  remove(entry: Entry): void {
    this.#hub.outbox.remove(entry);
    this.shows(entry);
    if (entry.kept) this.#hub.journal.write([{ type: 'deleteMutation', order: entry.order }]);
  }

  /** The refused ones whose place it took are there again: for their user to decide, or, where they are withdrawn, under another id. */
  #restore({ kept, replaced }: Entry): void {
    const { outbox, journal } = this.#hub;
    for (const refused of replaced) {
      const { type } = refused.phase;
      if (type !== 'rejected' && type !== 'withdrawing') continue;
      const isThere = outbox.get(idOf(refused)) === refused;
      if (!isThere) outbox.add(refused);
      if (isThere) outbox.change(refused, { phase: { type: 'withdrawing', edit: {} } });
      else if (type === 'withdrawing') makeAnew(this.#hub, [refused], () => ({}));
      this.shows(refused);
      if (kept || type === 'withdrawing') journal.write([{ type: 'putMutation', row: rowOf(refused) }]);
    }
  }

  /** Its record may look different now, to its author too. */
  shows(entry: Entry): void {
    this.#hub.outlet.touch(entry.mutation.topic, keyOf(entry));
    this.#hub.outlet.item(entry);
  }

  /**
   * The topic's cursor moved, or it was forgotten: the layers whose effect has arrived go in the same transaction.
   * `changed`: what the records were before. A record that looks the same as before, its layers counted, is no news.
   */
  moved(topic: Topic, changed: ReadonlyMap<RecordKey, Attributes | null>, ops: readonly Op[]): void {
    const { outbox, outlet, journal, line } = this.#hub;
    const before = new Map<RecordKey, Attributes | null>();
    for (const [key, attrs] of changed) {
      const lane = outbox.lane(topic.name, key);
      if (lane.length === 0) outlet.touch(topic.name, key);
      else before.set(key, lane.reduce(laid, attrs));
    }
    const all = [...ops];
    const { cursor } = topic;
    sameLife(this.#hub, topic);
    for (const entry of cursor ? outbox.awaiting.arrived(topic.name, cursor, line.welcome) : []) {
      const key = keyOf(entry);
      if (!before.has(key)) before.set(key, outbox.lane(topic.name, key).reduce(laid, topic.attrs(key)));
      outbox.remove(entry);
      outlet.item(entry);
      // That the record was deleted since, nobody was told while this was on its way.
      if (entry.mutation.method !== 'delete' && !topic.attrs(key)) outlet.touch(topic.name, key);
      all.push({ type: 'deleteMutation', order: entry.order });
    }
    for (const [key, attrs] of before) {
      const after = outbox.lane(topic.name, key).reduce(laid, topic.attrs(key));
      if (!equalJson(attrs, after)) outlet.touch(topic.name, key);
    }
    if (all.length > 0) journal.write(all, replicaLinger(all));
  }

  /** Nobody hears of the topic's changes any more: none will come to take the layers away. */
  released(topic: Topic): void {
    if (isHeard(topic)) return;
    for (const entry of this.#hub.outbox.awaiting.of(topic.name)) this.#absorb(entry, topic);
  }

  #refused(entry: Entry, receipt: RefusingReceipt): void {
    const { phase } = entry;
    if (receipt.type === 'conflict') learnCurrent(this.#hub, entry, receipt.current);
    rebaseNext(this.#hub, entry);
    if (phase.type === 'withdrawing' && phase.edit)
      this.#hub.outbox.change(entry, { phase: { ...phase, over: true } });
    else if (entry.kept && phase.type !== 'withdrawing' && receipt.type !== 'withdrawn')
      this.#reject(entry, receipt);
    else {
      this.remove(entry);
      if (!entry.kept) this.#restore(entry);
    }
  }

  #reject(entry: Entry, receipt: Receipt): void {
    this.#hub.outbox.change(entry, {
      mutation: unmade(this.#hub, entry, receipt),
      phase: { type: 'rejected', receipt },
    });
    // It has its own receipt now.
    if (isFinal(receipt)) entry.replaced = [];
    this.shows(entry);
    if (!joinRefused(this.#hub, entry)) this.#write(entry);
  }

  #applied(entry: Entry, receipt: Effect): void {
    const { outbox, outlet, journal, replica, line } = this.#hub;
    const { topic: name } = entry.mutation;
    const { welcome } = line;
    // The author knows how its write stands, unless the server made something else of it, or it had been given up.
    const isPlain = !receipt.set && !receipt.unset && entry.phase.type !== 'withdrawing';
    outbox.change(entry, { phase: { type: 'awaiting', receipt, epoch: replica.epoch(name), welcome } });
    outlet.touch(name, keyOf(entry), isPlain ? authorOf(entry) : undefined);
    outlet.item(entry);
    // They were left on the disk where it is not there itself.
    for (const { order } of entry.kept ? [] : entry.replaced)
      journal.write([{ type: 'deleteMutation', order }], LINGER.replica);
    const topic = replica.get(name);
    if (topic && !isHeard(topic)) this.#absorb(entry, topic);
    else this.#write(entry);
    if (topic) this.#touched.add(topic);
    if (!topic) replica.load(name).then((loaded) => this.released(loaded));
  }

  /**
   * Lays the effect on the replica itself and ends the entry, in one transaction. What is there already is not laid
   * over what came after it; and of a record that is not here, a part is not laid on nothing.
   */
  #absorb(entry: Entry, topic: Topic): void {
    const { outbox, journal, line, clock } = this.#hub;
    const { phase, mutation } = entry;
    if (phase.type !== 'awaiting' || outbox.get(mutation.id) !== entry) return;
    const key = keyOf(entry);
    const row = topic.records.get(key);
    const { offset } = phase.receipt;
    // At the same offset is what it was folded with.
    const hasArrived = topic.cursor && outbox.awaiting.hasArrived(entry, topic.cursor, line.welcome);
    const isThere = hasArrived || (row && row.version > offset) || (topic.absorbed.get(key) ?? 0) > offset;
    const isForbidden = topic.following.type === 'denied' && topic.following.code === 'forbidden';
    // What was read since may be seen again.
    const isKnown = row || (isWhole(mutation) && !isForbidden);
    const ops: Op[] = [];
    if (!isThere) {
      if (isKnown) ops.push(...topic.absorb(key, mutation.record, laid(row?.attrs ?? null, entry), offset));
      ops.push(...topic.effect(key, offset, clock.now()));
    }
    outbox.remove(entry);
    this.shows(entry);
    journal.write([...ops, { type: 'deleteMutation', order: entry.order }], LINGER.replica);
  }

  #write(entry: Entry): void {
    if (!entry.kept) return;
    const linger = entry.phase.type === 'awaiting' ? LINGER.replica : LINGER.none;
    this.#hub.journal.write([{ type: 'putMutation', row: rowOf(entry) }], linger);
  }
}

/** Whether changes of the topic are coming, or an answer that has them. */
function isHeard({ followers, following }: Topic): boolean {
  return following.type === 'asking' || (followers > 0 && following.type !== 'denied');
}
