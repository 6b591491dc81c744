import type { Json } from '../../../src/base/json.ts';
import { MedullaError } from '../../../src/protocol/errors.ts';
import type { Asked, ServerRecord } from './dialect-server.ts';

export interface ServerCall {
  readonly method: Asked['method'];
  readonly topic: string;
  /** Null = the whole topic, or a create of which the server gives the id. */
  readonly record: Json;
  readonly attrs: ServerRecord | null;
  /** The same for each attempt at one write. */
  readonly key?: unknown;
}

/** The records of a small server, and what it did. What it hears twice under one key it does once. */
export class ServerRecords {
  readonly asked: Asked[] = [];
  readonly #topics = new Map<string, Map<string, ServerRecord>>();
  readonly #done = new Map<unknown, Json>();
  #refusal: string | null = null;
  #last = 0;

  records(topic: string): ServerRecord[] {
    return [...this.#topic(topic).values()];
  }

  put(topic: string, record: ServerRecord): void {
    const whole = { ...this.#topic(topic).get(String(record.id)), ...record };
    this.#topic(topic).set(String(record.id), whole);
    this.tell(topic, record.id as Json, whole);
  }

  drop(topic: string, id: Json): void {
    this.#topic(topic).delete(String(id));
    this.tell(topic, id, null);
  }

  refuse(message: string): void {
    this.#refusal = message;
  }

  /** What becomes of a call; throws a MedullaError where it is refused. `by`: who called. */
  handle({ method, topic, record, attrs, key }: ServerCall, by?: unknown): Json {
    const records = this.#topic(topic);
    const id = record ?? attrs?.id ?? null;
    this.asked.push({ method, topic, ...(id !== null && { id }), ...(attrs && { attrs }) });
    if (method === 'read') {
      if (record === null) return [...records.values()];
      return records.get(String(record)) ?? this.#none(topic, record);
    }
    const known = key == null ? undefined : this.#done.get(key);
    if (known !== undefined) return known;
    if (this.#refusal !== null) {
      const message = this.#refusal;
      this.#refusal = null;
      throw new MedullaError('invalid', message);
    }
    const answer = this.#write(method, topic, id, attrs ?? {}, by);
    if (key != null) this.#done.set(key, answer);
    return answer;
  }

  #write(method: Asked['method'], topic: string, id: Json, attrs: ServerRecord, by: unknown): Json {
    const records = this.#topic(topic);
    if (method === 'delete') {
      records.delete(String(id));
      this.tell(topic, id, null, by);
      return {};
    }
    const before = method === 'create' ? {} : (records.get(String(id)) ?? this.#none(topic, id));
    const own = method === 'create' ? (id ?? ++this.#last) : id;
    // What the server adds by itself.
    const stamped = {
      ...(method === 'update' ? {} : before),
      ...attrs,
      id: own,
      revision: Number(before.revision ?? 0) + 1,
    };
    records.set(String(own), stamped);
    this.tell(topic, own, stamped, by);
    return stamped;
  }

  /** Those who follow the topic are told of a change, but not `by` whom it is. */
  protected tell(_topic: string, _id: Json, _attrs: ServerRecord | null, _by?: unknown): void {}

  #none(topic: string, id: Json): never {
    throw new MedullaError('not-found', `There is no ${topic}/${id}`);
  }

  #topic(topic: string): Map<string, ServerRecord> {
    const records = this.#topics.get(topic) ?? new Map<string, ServerRecord>();
    this.#topics.set(topic, records);
    return records;
  }
}
