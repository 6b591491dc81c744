import { parse } from '../../src/base/shape.ts';
import type { Attributes } from '../../src/protocol/attributes.ts';
import type { Row } from '../../src/protocol/change.ts';
import {
  type Boot,
  type MutationId,
  mutationId,
  type RecordId,
  recordKey,
  type TabId,
  type Topic,
} from '../../src/protocol/ids.ts';
import type { Port } from '../../src/protocol/port.ts';
import {
  type Answer,
  type Batch,
  type OutboxItem,
  type Settlement,
  type Status,
  type TabDown,
  type TopicState,
  tabDown,
  type Value,
} from '../../src/protocol/tab-down.ts';
import type { ReadRequest, TabUp, Write } from '../../src/protocol/tab-up.ts';
import { PROTOCOL, RELEASE } from '../../src/protocol/version.ts';
import { type MutationInit, mutationOf, TOPIC } from './mutations.ts';

type Without<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;

/** A tab that speaks the protocol by hand and keeps all that it is told. What does not parse is an error. */
export class RawTab {
  readonly id: TabId;
  readonly port: Port;
  readonly messages: TabDown[] = [];
  readonly batches: Batch[] = [];
  readonly settlements: Settlement[] = [];
  readonly values: Value[] = [];
  readonly answers = new Map<number, Answer>();
  readonly topics = new Map<Topic, TopicState>();
  readonly outbox = new Map<string, OutboxItem>();
  status: Status | null = null;
  token: string | null = 'token';
  /** Null = it does not answer when asked for a token. */
  silent = false;
  /** A frozen tab acknowledges nothing; {@link thaw} catches up. */
  frozen = false;
  n = 0;
  #unacknowledged: number[] = [];
  #requests = 0;

  constructor(id: string, port: Port) {
    this.id = id as TabId;
    this.port = port;
    port.listen((message) => this.#hear(parse(tabDown, message)));
  }

  hello(boot: Boot | null = null, protocol = PROTOCOL, release = RELEASE): this {
    this.post({ type: 'hello', tab: this.id, protocol, release, boot, n: this.n });
    return this;
  }

  post(message: TabUp): void {
    this.port.post(message);
  }

  follow(topic = TOPIC): this {
    this.post({ type: 'follow', topic });
    return this;
  }

  /** One message with one write for each; returns the id of the last. */
  write(...writes: (MutationInit & Without<Write, 'mutation'>)[]): MutationId {
    const all = writes.map(({ repeated, wait, queue, ...init }): Write => {
      const mutation = mutationOf({ ...init, tab: this.id, n: init.n ?? ++this.n });
      return {
        mutation,
        ...(repeated === undefined ? {} : { repeated }),
        ...(wait === undefined ? {} : { wait }),
        ...(queue === undefined ? {} : { queue }),
      };
    });
    this.post({ type: 'writes', writes: all });
    return mutationId(this.id, this.n);
  }

  read(read: Partial<Omit<ReadRequest, 'type' | 'request'>> = {}): number {
    this.post({ type: 'read', request: ++this.#requests, topic: TOPIC, cache: 'network', ...read });
    return this.#requests;
  }

  thaw(): void {
    this.frozen = false;
    for (const batch of this.#unacknowledged.splice(0)) this.post({ type: 'ack', batch });
  }

  /** How write `n` went, in short: `queued`, `settled applied`, `failed abort`. */
  story(n: number): string[] {
    return this.settlements
      .filter((one) => one.n === n)
      .map((one) =>
        one.type === 'settled'
          ? `settled ${one.receipt.type}`
          : one.type === 'failed'
            ? `failed ${one.code}`
            : one.type,
      );
  }

  /** What it was last told of the record; undefined = nothing. */
  seen(record: RecordId, topic = TOPIC): Attributes | null | undefined {
    return this.values.findLast(
      (value) => value.topic === topic && recordKey(value.record) === recordKey(record),
    )?.attrs;
  }

  state(record: RecordId, topic = TOPIC): Value['state'] | undefined {
    return this.values.findLast(
      (value) => value.topic === topic && recordKey(value.record) === recordKey(record),
    )?.state;
  }

  rows(request: number): Record<string, Attributes> | undefined {
    const answer = this.answers.get(request);
    if (answer?.type !== 'rows') return undefined;
    return Object.fromEntries(answer.rows.map(([record, , attrs]: Row) => [record, attrs]));
  }

  #hear(message: TabDown): void {
    this.messages.push(message);
    if (message.type === 'authenticate' && !this.silent)
      this.post({ type: 'token', request: message.request, token: this.token });
    if (message.type !== 'batch') return;
    this.batches.push(message);
    this.settlements.push(...message.settlements);
    this.values.push(...message.values);
    for (const answer of message.answers) this.answers.set(answer.request, answer);
    for (const state of message.topics) this.topics.set(state.topic, state);
    for (const item of message.outbox?.items ?? []) this.outbox.set(item.mutation.id, item);
    for (const id of message.outbox?.gone ?? []) this.outbox.delete(id);
    this.status = message.status ?? this.status;
    if (this.frozen) this.#unacknowledged.push(message.batch);
    else this.post({ type: 'ack', batch: message.batch });
  }
}
