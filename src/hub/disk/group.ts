import type { Topic } from '../../protocol/ids.ts';
import type { Op } from '../storage.ts';

/** Steps of one transaction, the last one on each row. */
export class Group {
  readonly done: Promise<boolean>;
  resolve: (durable: boolean) => void = () => undefined;
  #ops = new Map<string, Op>();
  readonly #kept: Set<number>;

  /** `kept`: the mutations that the disk has, or is being given: their orders. All groups of a journal share it. */
  constructor(kept: Set<number>) {
    this.#kept = kept;
    this.done = new Promise((resolve) => {
      this.resolve = resolve;
    });
  }

  get size(): number {
    return this.#ops.size;
  }

  /** Whether a mutation enters the outbox: that is worth a flush of the disk. */
  get strict(): boolean {
    return [...this.#ops.values()].some(
      (op) => op.type === 'erase' || (op.type === 'putMutation' && !op.row.receipt),
    );
  }

  /** The order of the first mutation that it brings; Infinity = it brings none. */
  get first(): number {
    let first = Number.POSITIVE_INFINITY;
    for (const op of this.#ops.values()) if (op.type === 'putMutation') first = Math.min(first, op.row.order);
    return first;
  }

  add(op: Op): void {
    const row = rowOf(op);
    // A cleared topic is a step that later records come after: the earlier ones of the topic are void.
    if (op.type === 'clearTopic') this.forget((topic) => topic === op.topic);
    // It went and comes back: the disk has it yet.
    if (op.type === 'putMutation' && this.#ops.get(row)?.type === 'deleteMutation')
      this.#kept.add(op.row.order);
    this.#ops.delete(row);
    // It came and went: the disk never heard of it.
    if (op.type === 'deleteMutation' && !this.#kept.delete(op.order)) return;
    this.#ops.set(row, op);
  }

  /** Leaves out what it would do for these topics. */
  forget(isMeant: (topic: Topic) => boolean): void {
    for (const [row, op] of this.#ops) {
      const topic = topicOf(op);
      if (topic !== undefined && isMeant(topic)) this.#ops.delete(row);
    }
  }

  /** Puts the steps of a group that failed before this one's; who waited for them waits for this one. */
  putBefore(failed: Group): void {
    this.done.then(failed.resolve);
    const later = this.#ops;
    this.#ops = failed.#ops;
    // The disk may have had them all the same: what went meanwhile has to be taken off it.
    for (const op of failed.#ops.values()) if (op.type === 'putMutation') this.#kept.add(op.row.order);
    for (const op of later.values()) {
      // It has been found to be worth a step already.
      if (op.type === 'deleteMutation') this.#kept.add(op.order);
      this.add(op);
    }
  }

  /** The steps, on their way now. */
  take(): Op[] {
    const ops = [...this.#ops.values()];
    for (const op of ops) if (op.type === 'putMutation') this.#kept.add(op.row.order);
    return ops;
  }
}

/** The topic of a step on the replica. */
export function topicOf(op: Op): Topic | undefined {
  if (op.type === 'putRecord' || op.type === 'putTopic' || op.type === 'putQuery') return op.row.topic;
  return 'topic' in op ? op.topic : undefined;
}

function rowOf(op: Op): string {
  switch (op.type) {
    case 'putMutation':
      return `m${op.row.order}`;
    case 'deleteMutation':
      return `m${op.order}`;
    case 'putRecord':
      return `r${op.row.topic}\n${op.row.key}`;
    case 'deleteRecord':
      return `r${op.topic}\n${op.key}`;
    case 'putTopic':
      return `t${op.row.topic}`;
    case 'clearTopic':
      return `c${op.topic}`;
    case 'putRecordVersion':
      return 'v';
    case 'putAlias':
      return `a${op.row.temporary}`;
    case 'deleteAlias':
      return `a${op.temporary}`;
    case 'putQuery':
      return `q${op.row.topic}\n${op.row.query}`;
    case 'deleteQuery':
      return `q${op.topic}\n${op.query}`;
    case 'erase':
      return 'e';
    case 'putSeal':
      return 's';
    case 'putToken':
      return 'k';
  }
}
