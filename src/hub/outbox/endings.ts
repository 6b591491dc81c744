import { unreachable } from '../../base/assert.ts';
import { equalJson } from '../../base/json.ts';
import type { Attributes } from '../../protocol/attributes.ts';
import type { ErrorCode } from '../../protocol/errors.ts';
import type { RecordKey } from '../../protocol/ids.ts';
import type { Effect, Receipt } from '../../protocol/receipt.ts';
import type { HubContext } from '../context.ts';
import type { Topic } from '../replica/topic.ts';
import type { Op } from '../storage.ts';
import { keyOf, laid, stateOf } from '../view.ts';
import { authorOf, type Entry, idOf, rowOf } from './entry.ts';

/** How mutations end: by a receipt, by the arrival of their effect, or by a decision. Nothing else takes one out of the outbox. */
export class Endings {
  readonly #hub: HubContext;

  constructor(hub: HubContext) {
    this.#hub = hub;
  }

  /** The server's final word on one mutation. */
  receipt(entry: Entry, receipt: Exclude<Receipt, { type: 'retry' | 'unauthorized' }>): void {
    entry.shown = true;
    switch (receipt.type) {
      case 'applied':
      case 'duplicate':
        this.#applied(entry, receipt);
        break;
      case 'withdrawn':
        this.remove(entry);
        break;
      case 'conflict':
      case 'invalid':
      case 'forbidden':
      case 'gone':
      case 'lost':
        if (entry.kept) this.reject(entry, receipt);
        else this.remove(entry);
        break;
      default:
        unreachable(receipt);
    }
    this.#hub.outlet.settle(idOf(entry), {
      type: 'settled',
      receipt,
      state: stateOf(this.#hub.outbox.laneOf(entry)),
    });
  }

  /** Offers the mutation to the user, who decides what becomes of it. */
  reject(entry: Entry, receipt: Receipt): void {
    this.#hub.outbox.change(entry, { phase: { type: 'rejected', receipt } });
    this.#touch(entry);
    this.#write(entry);
  }

  /** Ends a mutation that no server has: its tab is told why. */
  fail(entry: Entry, code: ErrorCode, message: string): void {
    this.remove(entry);
    this.#hub.outlet.settle(idOf(entry), { type: 'failed', code, message });
  }

  remove(entry: Entry): void {
    const before = this.#seen(entry);
    this.#hub.outbox.remove(entry);
    this.#touch(entry, equalJson(before, this.#seen(entry)));
    if (entry.kept) this.#hub.journal.write([{ type: 'deleteMutation', order: entry.order }]);
  }

  /**
   * The topic's cursor moved, or it was forgotten: the layers whose effect has arrived go in the same transaction.
   * `changed`: what the records were before. A record that looks the same as before, its layers counted, is no news.
   */
  moved(topic: Topic, changed: ReadonlyMap<RecordKey, Attributes | null>, ops: readonly Op[]): void {
    const { outbox, outlet, journal } = this.#hub;
    const before = new Map<RecordKey, Attributes | null>();
    for (const [key, attrs] of changed) {
      const lane = outbox.lane(topic.name, key);
      if (lane.length === 0) outlet.touch(topic.name, key);
      else before.set(key, lane.reduce(laid, attrs));
    }
    const all = [...ops];
    for (const entry of [...outbox.awaiting(topic.name)]) {
      if (!hasArrived(entry, topic)) continue;
      const key = keyOf(entry);
      if (!before.has(key)) before.set(key, outbox.lane(topic.name, key).reduce(laid, topic.attrs(key)));
      outbox.remove(entry);
      outlet.item(entry);
      all.push({ type: 'deleteMutation', order: entry.order });
    }
    for (const [key, attrs] of before) {
      const after = outbox.lane(topic.name, key).reduce(laid, topic.attrs(key));
      if (!equalJson(attrs, after)) outlet.touch(topic.name, key);
    }
    journal.write(all);
  }

  /** Nobody follows the topic any more: no change will come to take the layers away. */
  released(topic: Topic): void {
    for (const entry of [...this.#hub.outbox.awaiting(topic.name)]) this.#absorb(entry, topic);
  }

  #applied(entry: Entry, receipt: Effect): void {
    const { outbox, replica } = this.#hub;
    const { topic: name } = entry.mutation;
    const topic = replica.get(name);
    const epoch = topic?.cursor?.epoch ?? null;
    outbox.change(entry, { phase: { type: 'awaiting', receipt, epoch } });
    this.#touch(entry);
    if (topic && topic.followers > 0 && topic.following.type !== 'denied') {
      if (hasArrived(entry, topic)) this.remove(entry);
      else this.#write(entry);
    } else if (topic) {
      this.#absorb(entry, topic);
    } else if (replica.has(name)) {
      this.#write(entry);
      replica.load(name).then((loaded) => {
        if (entry.phase.type === 'awaiting' && loaded.followers === 0) this.#absorb(entry, loaded);
      });
    } else {
      this.remove(entry);
    }
  }

  /** Lays the effect on the replica itself and ends the entry, in one transaction. What is there already is not laid over what came after it. */
  #absorb(entry: Entry, topic: Topic): void {
    if (entry.phase.type !== 'awaiting') return;
    const { outbox, journal } = this.#hub;
    const key = keyOf(entry);
    const { offset } = entry.phase.receipt;
    const isThere = hasArrived(entry, topic) || (topic.records.get(key)?.version ?? 0) >= offset;
    const ops = isThere
      ? []
      : topic.absorb(key, entry.mutation.record, laid(topic.attrs(key), entry), offset);
    outbox.remove(entry);
    this.#touch(entry);
    journal.write([...ops, { type: 'deleteMutation', order: entry.order }]);
  }

  #write(entry: Entry): void {
    if (entry.kept) this.#hub.journal.write([{ type: 'putMutation', row: rowOf(entry) }]);
  }

  /** The entry's record as the hub shows it. */
  #seen(entry: Entry): Attributes | null | undefined {
    const { outbox, replica } = this.#hub;
    const topic = replica.get(entry.mutation.topic);
    return topic && outbox.laneOf(entry).reduce(laid, topic.attrs(keyOf(entry)));
  }

  #touch(entry: Entry, isSame = true): void {
    const { topic } = entry.mutation;
    // The author knows how its write stands, unless the server took it back or made something else of it, or the
    // record has gone on since then.
    const { phase } = entry;
    const plain = isSame && phase.type === 'awaiting' && !phase.receipt.set && !phase.receipt.unset;
    this.#hub.outlet.touch(topic, keyOf(entry), plain ? authorOf(entry) : undefined);
    this.#hub.outlet.item(entry);
  }
}

/** Whether the topic's cursor includes the entry's effect; an effect in another life of the database arrives no more. */
function hasArrived({ phase }: Entry, { cursor }: Topic): boolean {
  if (phase.type !== 'awaiting' || !cursor) return false;
  return cursor.epoch !== phase.epoch || cursor.offset >= phase.receipt.offset;
}
